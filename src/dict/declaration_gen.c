/* Made by tools/mkdict.c from src/dict/declaration.dict: change that, then run script/generate. */
#include "dict/dict.h"

// clang-format off

static const struct dict_field fields_envelope[] = {
	{.name = "model_version", .length = 13, .kind = DICT_CODE, .size = 6, 
	 .offset = offsetof(struct envelope, model_version), .wco_id = "", .wco_ids = "", .code_list = "",
	 .title = "Version of the data model that the sender used"},
	{.name = "document_type", .length = 13, .kind = DICT_CODE, .size = 12, 
	 .offset = offsetof(struct envelope, document_type), .wco_id = "", .wco_ids = "", .code_list = "",
	 .title = "Kind of document in the envelope: DEC for a declaration"},
	{.name = "country", .length = 7, .kind = DICT_CODE, .size = 2, 
	 .offset = offsetof(struct envelope, country), .wco_id = "", .wco_ids = "", .code_list = "country",
	 .title = "Country whose rules apply"},
	{.name = "agency", .length = 6, .kind = DICT_TEXT, .size = 70, 
	 .offset = offsetof(struct envelope, agency), .wco_id = "", .wco_ids = "", .code_list = "",
	 .title = "Agency that receives the message"},
	{.name = "customization", .length = 13, .kind = DICT_TEXT, .size = 24, 
	 .offset = offsetof(struct envelope, customization), .wco_id = "", .wco_ids = "", .code_list = "",
	 .title = "Version of the agency's own subset of the model"},
};
static const struct dict_element elements_envelope[] = {
	{"WCODataModelVersionCode", 23, "", &fields_envelope[0], NULL, 0},
	{"WCOTypeName", 11, "", &fields_envelope[1], NULL, 0},
	{"ResponsibleCountryCode", 22, "", &fields_envelope[2], NULL, 0},
	{"ResponsibleAgencyName", 21, "", &fields_envelope[3], NULL, 0},
	{"AgencyAssignedCustomizationVersionCode", 38, "", &fields_envelope[4], NULL, 0},
};
const struct dict_class dict_envelope = {
	"envelope", "", "Technical header around a declaration",
	sizeof(struct envelope), ARRAY_LEN(fields_envelope), ARRAY_LEN(elements_envelope), 0x0, 0x0, fields_envelope, elements_envelope
};

static const struct dict_field fields_address[] = {
	{.name = "type", .length = 4, .kind = DICT_CODE, .size = 3, 
	 .offset = offsetof(struct address, type), .wco_id = "410", .wco_ids = "", .code_list = "",
	 .title = "Kind of address or identification"},
	{.name = "city", .length = 4, .kind = DICT_TEXT, .size = 35, 
	 .offset = offsetof(struct address, city), .wco_id = "241", .wco_ids = "", .code_list = "",
	 .title = "Town"},
	{.name = "country", .length = 7, .kind = DICT_CODE, .size = 2, 
	 .offset = offsetof(struct address, country), .wco_id = "242", .wco_ids = "", .code_list = "country",
	 .title = "Country"},
	{.name = "subdivision", .length = 11, .kind = DICT_CODE, .size = 9, 
	 .offset = offsetof(struct address, subdivision), .wco_id = "244", .wco_ids = "", .code_list = "",
	 .title = "Region, coded"},
	{.name = "subdivision_name", .length = 16, .kind = DICT_TEXT, .size = 35, 
	 .offset = offsetof(struct address, subdivision_name), .wco_id = "243", .wco_ids = "", .code_list = "",
	 .title = "Region"},
	{.name = "line", .length = 4, .kind = DICT_TEXT, .size = 70, 
	 .offset = offsetof(struct address, line), .wco_id = "239", .wco_ids = "", .code_list = "",
	 .title = "Street and number, or post box"},
	{.name = "postcode", .length = 8, .kind = DICT_TEXT, .size = 9, 
	 .offset = offsetof(struct address, postcode), .wco_id = "245", .wco_ids = "", .code_list = "",
	 .title = "Postal code"},
};
static const struct dict_element elements_address[] = {
	{"TypeCode", 8, "", &fields_address[0], NULL, 0},
	{"CityName", 8, "", &fields_address[1], NULL, 0},
	{"CountryCode", 11, "", &fields_address[2], NULL, 0},
	{"CountrySubDivisionCode", 22, "", &fields_address[3], NULL, 0},
	{"CountrySubDivisionName", 22, "", &fields_address[4], NULL, 0},
	{"Line", 4, "", &fields_address[5], NULL, 0},
	{"PostcodeID", 10, "", &fields_address[6], NULL, 0},
};
const struct dict_class dict_address = {
	"address", "04A", "Postal address",
	sizeof(struct address), ARRAY_LEN(fields_address), ARRAY_LEN(elements_address), 0x0, 0x0, fields_address, elements_address
};

static const struct dict_field fields_communication[] = {
	{.name = "id", .length = 2, .kind = DICT_TEXT, .size = 50, 
	 .offset = offsetof(struct communication, id), .wco_id = "240", .wco_ids = "", .code_list = "",
	 .title = "Number or address"},
	{.name = "type", .length = 4, .kind = DICT_CODE, .size = 3, 
	 .offset = offsetof(struct communication, type), .wco_id = "253", .wco_ids = "", .code_list = "",
	 .title = "Kind of channel"},
};
static const struct dict_element elements_communication[] = {
	{"ID", 2, "", &fields_communication[0], NULL, 0},
	{"TypeCode", 8, "", &fields_communication[1], NULL, 0},
};
const struct dict_class dict_communication = {
	"communication", "25A", "Way to reach somebody",
	sizeof(struct communication), ARRAY_LEN(fields_communication), ARRAY_LEN(elements_communication), 0x0, 0x0, fields_communication, elements_communication
};

static const struct dict_field fields_party[] = {
	{.name = "name", .length = 4, .kind = DICT_TEXT, .size = 70, 
	 .offset = offsetof(struct party, name), .wco_id = "", .wco_ids = "", .code_list = "",
	 .title = "Name"},
	{.name = "id", .length = 2, .kind = DICT_ID, .size = 17, 
	 .offset = offsetof(struct party, id), .wco_id = "", .wco_ids = "", .code_list = "",
	 .title = "Registration number at customs"},
	{.name = "role", .length = 4, .kind = DICT_CODE, .size = 3, 
	 .offset = offsetof(struct party, role), .wco_id = "R005", .wco_ids = "", .code_list = "",
	 .title = "Role, coded"},
	{.name = "address", .length = 7, .kind = DICT_CLASS, 
	 .offset = offsetof(struct party, address), .of = &dict_address, .wco_id = "04A", .wco_ids = "", .code_list = "",
	 .title = "Where it is"},
	{.name = "contact", .length = 7, .kind = DICT_TEXT, .size = 70, 
	 .offset = offsetof(struct party, contact), .wco_id = "246", .wco_ids = "", .code_list = "",
	 .title = "Person to ask"},
	{.name = "communication", .length = 13, .kind = DICT_CLASS, 
	 .offset = offsetof(struct party, communication), .of = &dict_communication, .wco_id = "25A", .wco_ids = "", .code_list = "",
	 .title = "How to reach it"},
};
static const struct dict_element elements_party_Contact[] = {
	{"Name", 4, "", &fields_party[4], NULL, 0},
};
static const struct dict_element elements_party[] = {
	{"Name", 4, "", &fields_party[0], NULL, 0},
	{"ID", 2, "", &fields_party[1], NULL, 0},
	{"RoleCode", 8, "", &fields_party[2], NULL, 0},
	{"Address", 7, "", &fields_party[3], NULL, 0},
	{"Contact", 7, "34A", NULL, elements_party_Contact, ARRAY_LEN(elements_party_Contact)},
	{"Communication", 13, "", &fields_party[5], NULL, 0},
};
const struct dict_class dict_party = {
	"party", "", "Person or company with a role",
	sizeof(struct party), ARRAY_LEN(fields_party), ARRAY_LEN(elements_party), 0x0, 0x28, fields_party, elements_party
};

static const struct dict_field fields_agent[] = {
	{.name = "name", .length = 4, .kind = DICT_TEXT, .size = 70, 
	 .offset = offsetof(struct agent, name), .wco_id = "R003", .wco_ids = "", .code_list = "",
	 .title = "Name"},
	{.name = "id", .length = 2, .kind = DICT_ID, .size = 17, 
	 .offset = offsetof(struct agent, id), .wco_id = "R004", .wco_ids = "", .code_list = "",
	 .title = "Registration number at customs"},
	{.name = "status", .length = 6, .kind = DICT_CODE, .size = 3, 
	 .offset = offsetof(struct agent, status), .wco_id = "102", .wco_ids = "", .code_list = "representation",
	 .title = "Kind of representation: direct or indirect"},
	{.name = "address", .length = 7, .kind = DICT_CLASS, 
	 .offset = offsetof(struct agent, address), .of = &dict_address, .wco_id = "04A", .wco_ids = "", .code_list = "",
	 .title = "Where it is"},
};
static const struct dict_element elements_agent[] = {
	{"Name", 4, "", &fields_agent[0], NULL, 0},
	{"ID", 2, "", &fields_agent[1], NULL, 0},
	{"FunctionCode", 12, "", &fields_agent[2], NULL, 0},
	{"Address", 7, "", &fields_agent[3], NULL, 0},
};
const struct dict_class dict_agent = {
	"agent", "05A", "Representative of the declarant",
	sizeof(struct agent), ARRAY_LEN(fields_agent), ARRAY_LEN(elements_agent), 0x0, 0x8, fields_agent, elements_agent
};

static const struct dict_field fields_role_party[] = {
	{.name = "id", .length = 2, .kind = DICT_ID, .size = 17, 
	 .offset = offsetof(struct role_party, id), .wco_id = "R143", .wco_ids = "", .code_list = "",
	 .title = "Registration number"},
	{.name = "role", .length = 4, .kind = DICT_CODE, .size = 3, 
	 .offset = offsetof(struct role_party, role), .wco_id = "R005", .wco_ids = "", .code_list = "",
	 .title = "Role, coded"},
};
static const struct dict_element elements_role_party[] = {
	{"ID", 2, "", &fields_role_party[0], NULL, 0},
	{"RoleCode", 8, "", &fields_role_party[1], NULL, 0},
};
const struct dict_class dict_role_party = {
	"role_party", "", "Registered party with a coded role",
	sizeof(struct role_party), ARRAY_LEN(fields_role_party), ARRAY_LEN(elements_role_party), 0x0, 0x0, fields_role_party, elements_role_party
};

static const struct dict_field fields_authorisation[] = {
	{.name = "holder", .length = 6, .kind = DICT_ID, .size = 17, 
	 .offset = offsetof(struct authorisation, holder), .wco_id = "R144", .wco_ids = "", .code_list = "",
	 .title = "Who holds it"},
	{.name = "type", .length = 4, .kind = DICT_CODE, .size = 4, 
	 .offset = offsetof(struct authorisation, type), .wco_id = "R145", .wco_ids = "", .code_list = "authorisation",
	 .title = "Kind of authorisation"},
};
static const struct dict_element elements_authorisation[] = {
	{"ID", 2, "", &fields_authorisation[0], NULL, 0},
	{"CategoryCode", 12, "", &fields_authorisation[1], NULL, 0},
};
const struct dict_class dict_authorisation = {
	"authorisation", "17C", "Authorisation that the declarant relies on",
	sizeof(struct authorisation), ARRAY_LEN(fields_authorisation), ARRAY_LEN(elements_authorisation), 0x0, 0x0, fields_authorisation, elements_authorisation
};

static const struct dict_field fields_pointer[] = {
	{.name = "sequence", .length = 8, .kind = DICT_NUMBER, .size = 5, .scale = 0, 
	 .offset = offsetof(struct pointer, sequence), .wco_id = "006", .wco_ids = "", .code_list = "",
	 .title = "Which one of several, from 1"},
	{.name = "section", .length = 7, .kind = DICT_CODE, .size = 3, 
	 .offset = offsetof(struct pointer, section), .wco_id = "375", .wco_ids = "", .code_list = "",
	 .title = "Class, by its number in the data model"},
	{.name = "tag", .length = 3, .kind = DICT_CODE, .size = 4, 
	 .offset = offsetof(struct pointer, tag), .wco_id = "381", .wco_ids = "", .code_list = "",
	 .title = "Data element, by its number in the data model"},
};
static const struct dict_element elements_pointer[] = {
	{"SequenceNumeric", 15, "", &fields_pointer[0], NULL, 0},
	{"DocumentSectionCode", 19, "", &fields_pointer[1], NULL, 0},
	{"TagID", 5, "", &fields_pointer[2], NULL, 0},
};
const struct dict_class dict_pointer = {
	"pointer", "97A", "Step of a path to a place in the declaration",
	sizeof(struct pointer), ARRAY_LEN(fields_pointer), ARRAY_LEN(elements_pointer), 0x0, 0x0, fields_pointer, elements_pointer
};

static const struct dict_field fields_write_off[] = {
	{.name = "quantity", .length = 8, .kind = DICT_QUANTITY, .size = 16, .scale = 6, 
	 .offset = offsetof(struct write_off, quantity), .wco_id = "502", .wco_ids = "", .code_list = "unit",
	 .title = "Quantity used"},
	{.name = "amount", .length = 6, .kind = DICT_AMOUNT, .size = 16, .scale = 3, 
	 .offset = offsetof(struct write_off, amount), .wco_id = "503", .wco_ids = "", .code_list = "currency",
	 .title = "Amount used"},
};
static const struct dict_element elements_write_off[] = {
	{"QuantityQuantity", 16, "", &fields_write_off[0], NULL, 0},
	{"AmountAmount", 12, "", &fields_write_off[1], NULL, 0},
};
const struct dict_class dict_write_off = {
	"write_off", "22C", "Use of a licence or certificate",
	sizeof(struct write_off), ARRAY_LEN(fields_write_off), ARRAY_LEN(elements_write_off), 0x0, 0x0, fields_write_off, elements_write_off
};

static const struct dict_field fields_document[] = {
	{.name = "category", .length = 8, .kind = DICT_CODE, .size = 3, 
	 .offset = offsetof(struct document, category), .wco_id = "D031", .wco_ids = "", .code_list = "",
	 .title = "First part of the document code"},
	{.name = "effective", .length = 9, .kind = DICT_DATETIME, .size = 35, 
	 .offset = offsetof(struct document, effective), .wco_id = "276", .wco_ids = "", .code_list = "",
	 .title = "Day on which it takes effect"},
	{.name = "id", .length = 2, .kind = DICT_ID, .size = 70, 
	 .offset = offsetof(struct document, id), .wco_id = "D005", .wco_ids = "", .code_list = "",
	 .title = "Number of the document"},
	{.name = "name", .length = 4, .kind = DICT_TEXT, .size = 35, 
	 .offset = offsetof(struct document, name), .wco_id = "D028", .wco_ids = "", .code_list = "",
	 .title = "Reason or title"},
	{.name = "type", .length = 4, .kind = DICT_CODE, .size = 3, 
	 .offset = offsetof(struct document, type), .wco_id = "D006", .wco_ids = "", .code_list = "",
	 .title = "Second part of the document code"},
	{.name = "status", .length = 6, .kind = DICT_CODE, .size = 3, 
	 .offset = offsetof(struct document, status), .wco_id = "360", .wco_ids = "", .code_list = "document_status",
	 .title = "Availability or exemption"},
	{.name = "issuer", .length = 6, .kind = DICT_CLASS, 
	 .offset = offsetof(struct document, issuer), .of = &dict_party, .wco_id = "17B", .wco_ids = "name:R058", .code_list = "",
	 .title = "Authority that issued it"},
	{.name = "write_off", .length = 9, .kind = DICT_CLASS, 
	 .offset = offsetof(struct document, write_off), .of = &dict_write_off, .wco_id = "22C", .wco_ids = "", .code_list = "",
	 .title = "What this declaration uses of it"},
};
static const struct dict_element elements_document[] = {
	{"CategoryCode", 12, "", &fields_document[0], NULL, 0},
	{"EffectiveDateTime", 17, "", &fields_document[1], NULL, 0},
	{"ID", 2, "", &fields_document[2], NULL, 0},
	{"Name", 4, "", &fields_document[3], NULL, 0},
	{"TypeCode", 8, "", &fields_document[4], NULL, 0},
	{"LPCOExemptionCode", 17, "", &fields_document[5], NULL, 0},
	{"Submitter", 9, "", &fields_document[6], NULL, 0},
	{"WriteOff", 8, "", &fields_document[7], NULL, 0},
};
const struct dict_class dict_document = {
	"document", "02A", "Supporting document, certificate, licence or authorisation",
	sizeof(struct document), ARRAY_LEN(fields_document), ARRAY_LEN(elements_document), 0x0, 0xc0, fields_document, elements_document
};

static const struct dict_field fields_statement[] = {
	{.name = "code", .length = 4, .kind = DICT_CODE, .size = 17, 
	 .offset = offsetof(struct statement, code), .wco_id = "226", .wco_ids = "", .code_list = "statement",
	 .title = "Coded remark"},
	{.name = "text", .length = 4, .kind = DICT_TEXT, .size = 512, 
	 .offset = offsetof(struct statement, text), .wco_id = "225", .wco_ids = "", .code_list = "",
	 .title = "Remark"},
	{.name = "type", .length = 4, .kind = DICT_CODE, .size = 3, 
	 .offset = offsetof(struct statement, type), .wco_id = "369", .wco_ids = "", .code_list = "",
	 .title = "Kind of remark"},
	{.name = "pointers", .length = 8, .kind = DICT_CLASS, .list = true, .max = 99, 
	 .offset = offsetof(struct statement, pointers), .of = &dict_pointer, .wco_id = "97A", .wco_ids = "", .code_list = "",
	 .title = "What the remark is about"},
};
static const struct dict_element elements_statement[] = {
	{"StatementCode", 13, "", &fields_statement[0], NULL, 0},
	{"StatementDescription", 20, "", &fields_statement[1], NULL, 0},
	{"StatementTypeCode", 17, "", &fields_statement[2], NULL, 0},
	{"Pointer", 7, "", &fields_statement[3], NULL, 0},
};
const struct dict_class dict_statement = {
	"statement", "03A", "Remark in coded or plain form",
	sizeof(struct statement), ARRAY_LEN(fields_statement), ARRAY_LEN(elements_statement), 0x0, 0x8, fields_statement, elements_statement
};

static const struct dict_field fields_amendment[] = {
	{.name = "reason", .length = 6, .kind = DICT_CODE, .size = 3, 
	 .offset = offsetof(struct amendment, reason), .wco_id = "099", .wco_ids = "", .code_list = "amendment_reason",
	 .title = "Why"},
	{.name = "pointers", .length = 8, .kind = DICT_CLASS, .list = true, .max = 99, 
	 .offset = offsetof(struct amendment, pointers), .of = &dict_pointer, .wco_id = "97A", .wco_ids = "", .code_list = "",
	 .title = "Path to the place that changes"},
};
static const struct dict_element elements_amendment[] = {
	{"ChangeReasonCode", 16, "", &fields_amendment[0], NULL, 0},
	{"Pointer", 7, "", &fields_amendment[1], NULL, 0},
};
const struct dict_class dict_amendment = {
	"amendment", "06A", "Change to a declaration that was lodged before",
	sizeof(struct amendment), ARRAY_LEN(fields_amendment), ARRAY_LEN(elements_amendment), 0x0, 0x2, fields_amendment, elements_amendment
};

static const struct dict_field fields_transport_means[] = {
	{.name = "name", .length = 4, .kind = DICT_TEXT, .size = 35, 
	 .offset = offsetof(struct transport_means, name), .wco_id = "", .wco_ids = "", .code_list = "",
	 .title = "Name"},
	{.name = "id", .length = 2, .kind = DICT_ID, .size = 35, 
	 .offset = offsetof(struct transport_means, id), .wco_id = "", .wco_ids = "", .code_list = "",
	 .title = "Identity, such as a ship's or flight number"},
	{.name = "id_type", .length = 7, .kind = DICT_CODE, .size = 17, 
	 .offset = offsetof(struct transport_means, id_type), .wco_id = "", .wco_ids = "", .code_list = "",
	 .title = "What kind of identity it is"},
	{.name = "type", .length = 4, .kind = DICT_CODE, .size = 4, 
	 .offset = offsetof(struct transport_means, type), .wco_id = "", .wco_ids = "", .code_list = "",
	 .title = "Kind of means of transport"},
	{.name = "nationality", .length = 11, .kind = DICT_CODE, .size = 2, 
	 .offset = offsetof(struct transport_means, nationality), .wco_id = "T014", .wco_ids = "", .code_list = "country",
	 .title = "Country of registration"},
	{.name = "mode", .length = 4, .kind = DICT_CODE, .size = 1, 
	 .offset = offsetof(struct transport_means, mode), .wco_id = "", .wco_ids = "", .code_list = "transport_mode",
	 .title = "Mode of transport"},
};
static const struct dict_element elements_transport_means[] = {
	{"Name", 4, "", &fields_transport_means[0], NULL, 0},
	{"ID", 2, "", &fields_transport_means[1], NULL, 0},
	{"IdentificationTypeCode", 22, "", &fields_transport_means[2], NULL, 0},
	{"TypeCode", 8, "", &fields_transport_means[3], NULL, 0},
	{"RegistrationNationalityCode", 27, "", &fields_transport_means[4], NULL, 0},
	{"ModeCode", 8, "", &fields_transport_means[5], NULL, 0},
};
const struct dict_class dict_transport_means = {
	"transport_means", "", "Vessel, aircraft, vehicle or train",
	sizeof(struct transport_means), ARRAY_LEN(fields_transport_means), ARRAY_LEN(elements_transport_means), 0x0, 0x0, fields_transport_means, elements_transport_means
};

static const struct dict_field fields_leg[] = {
	{.name = "sequence", .length = 8, .kind = DICT_NUMBER, .required = true, .size = 5, .scale = 0, 
	 .offset = offsetof(struct leg, sequence), .wco_id = "006", .wco_ids = "", .code_list = "",
	 .title = "Order on the route"},
	{.name = "country", .length = 7, .kind = DICT_CODE, .size = 2, 
	 .offset = offsetof(struct leg, country), .wco_id = "064", .wco_ids = "", .code_list = "country",
	 .title = "Country"},
};
static const struct dict_element elements_leg[] = {
	{"SequenceNumeric", 15, "", &fields_leg[0], NULL, 0},
	{"RoutingCountryCode", 18, "", &fields_leg[1], NULL, 0},
};
const struct dict_class dict_leg = {
	"leg", "81A", "Country on the route",
	sizeof(struct leg), ARRAY_LEN(fields_leg), ARRAY_LEN(elements_leg), 0x1, 0x0, fields_leg, elements_leg
};

static const struct dict_field fields_carried_item[] = {
	{.name = "sequence", .length = 8, .kind = DICT_NUMBER, .required = true, .size = 5, .scale = 0, 
	 .offset = offsetof(struct carried_item, sequence), .wco_id = "006", .wco_ids = "", .code_list = "",
	 .title = "Number of the item"},
	{.name = "consignor", .length = 9, .kind = DICT_CLASS, 
	 .offset = offsetof(struct carried_item, consignor), .of = &dict_party, .wco_id = "30A", .wco_ids = "name:R020:id:R021", .code_list = "",
	 .title = "Who sends it"},
	{.name = "freight_payment", .length = 15, .kind = DICT_CODE, .size = 3, 
	 .offset = offsetof(struct carried_item, freight_payment), .wco_id = "098", .wco_ids = "", .code_list = "",
	 .title = "How freight is paid"},
};
static const struct dict_element elements_carried_item_Freight[] = {
	{"PaymentMethodCode", 17, "", &fields_carried_item[2], NULL, 0},
};
static const struct dict_element elements_carried_item[] = {
	{"SequenceNumeric", 15, "", &fields_carried_item[0], NULL, 0},
	{"Consignor", 9, "", &fields_carried_item[1], NULL, 0},
	{"Freight", 7, "62A", NULL, elements_carried_item_Freight, ARRAY_LEN(elements_carried_item_Freight)},
};
const struct dict_class dict_carried_item = {
	"carried_item", "29A", "Consignment item, as the carrier knows it",
	sizeof(struct carried_item), ARRAY_LEN(fields_carried_item), ARRAY_LEN(elements_carried_item), 0x1, 0x2, fields_carried_item, elements_carried_item
};

static const struct dict_field fields_carriage[] = {
	{.name = "carrier", .length = 7, .kind = DICT_CLASS, 
	 .offset = offsetof(struct carriage, carrier), .of = &dict_party, .wco_id = "18A", .wco_ids = "name:R011:id:R012", .code_list = "",
	 .title = "Who carries"},
	{.name = "items", .length = 5, .kind = DICT_CLASS, .list = true, .max = 999, 
	 .offset = offsetof(struct carriage, items), .of = &dict_carried_item, .wco_id = "29A", .wco_ids = "", .code_list = "",
	 .title = "Items"},
	{.name = "consignor", .length = 9, .kind = DICT_CLASS, 
	 .offset = offsetof(struct carriage, consignor), .of = &dict_party, .wco_id = "30A", .wco_ids = "name:R020:id:R021", .code_list = "",
	 .title = "Who sends"},
	{.name = "freight_payment", .length = 15, .kind = DICT_CODE, .size = 3, 
	 .offset = offsetof(struct carriage, freight_payment), .wco_id = "098", .wco_ids = "", .code_list = "",
	 .title = "How freight is paid"},
	{.name = "itinerary", .length = 9, .kind = DICT_CLASS, .list = true, .max = 99, 
	 .offset = offsetof(struct carriage, itinerary), .of = &dict_leg, .wco_id = "81A", .wco_ids = "", .code_list = "",
	 .title = "Countries on the route"},
};
static const struct dict_element elements_carriage_Freight[] = {
	{"PaymentMethodCode", 17, "", &fields_carriage[3], NULL, 0},
};
static const struct dict_element elements_carriage[] = {
	{"Carrier", 7, "", &fields_carriage[0], NULL, 0},
	{"ConsignmentItem", 15, "", &fields_carriage[1], NULL, 0},
	{"Consignor", 9, "", &fields_carriage[2], NULL, 0},
	{"Freight", 7, "62A", NULL, elements_carriage_Freight, ARRAY_LEN(elements_carriage_Freight)},
	{"Itinerary", 9, "", &fields_carriage[4], NULL, 0},
};
const struct dict_class dict_carriage = {
	"carriage", "28A", "Consignment, as the carrier knows it",
	sizeof(struct carriage), ARRAY_LEN(fields_carriage), ARRAY_LEN(elements_carriage), 0x0, 0x17, fields_carriage, elements_carriage
};

static const struct dict_field fields_exchange_rate[] = {
	{.name = "currency", .length = 8, .kind = DICT_CODE, .size = 3, 
	 .offset = offsetof(struct exchange_rate, currency), .wco_id = "135", .wco_ids = "", .code_list = "currency",
	 .title = "Foreign currency"},
	{.name = "rate", .length = 4, .kind = DICT_NUMBER, .size = 12, .scale = 5, 
	 .offset = offsetof(struct exchange_rate, rate), .wco_id = "118", .wco_ids = "", .code_list = "",
	 .title = "Rate"},
};
static const struct dict_element elements_exchange_rate[] = {
	{"CurrencyTypeCode", 16, "", &fields_exchange_rate[0], NULL, 0},
	{"RateNumeric", 11, "", &fields_exchange_rate[1], NULL, 0},
};
const struct dict_class dict_exchange_rate = {
	"exchange_rate", "40A", "Rate of exchange that the declarant used",
	sizeof(struct exchange_rate), ARRAY_LEN(fields_exchange_rate), ARRAY_LEN(elements_exchange_rate), 0x0, 0x0, fields_exchange_rate, elements_exchange_rate
};

static const struct dict_field fields_seal[] = {
	{.name = "sequence", .length = 8, .kind = DICT_NUMBER, .required = true, .size = 5, .scale = 0, 
	 .offset = offsetof(struct seal, sequence), .wco_id = "006", .wco_ids = "", .code_list = "",
	 .title = "Order"},
	{.name = "id", .length = 2, .kind = DICT_ID, .size = 35, 
	 .offset = offsetof(struct seal, id), .wco_id = "165", .wco_ids = "", .code_list = "",
	 .title = "Number on the seal"},
};
static const struct dict_element elements_seal[] = {
	{"SequenceNumeric", 15, "", &fields_seal[0], NULL, 0},
	{"ID", 2, "", &fields_seal[1], NULL, 0},
};
const struct dict_class dict_seal = {
	"seal", "44B", "Seal on a container",
	sizeof(struct seal), ARRAY_LEN(fields_seal), ARRAY_LEN(elements_seal), 0x1, 0x0, fields_seal, elements_seal
};

static const struct dict_field fields_container[] = {
	{.name = "sequence", .length = 8, .kind = DICT_NUMBER, .required = true, .size = 5, .scale = 0, 
	 .offset = offsetof(struct container, sequence), .wco_id = "006", .wco_ids = "", .code_list = "",
	 .title = "Order"},
	{.name = "id", .length = 2, .kind = DICT_ID, .size = 17, 
	 .offset = offsetof(struct container, id), .wco_id = "159", .wco_ids = "", .code_list = "",
	 .title = "Number, ISO 6346 for freight containers"},
	{.name = "seals", .length = 5, .kind = DICT_CLASS, .list = true, .max = 99, 
	 .offset = offsetof(struct container, seals), .of = &dict_seal, .wco_id = "44B", .wco_ids = "", .code_list = "",
	 .title = "Seals"},
};
static const struct dict_element elements_container[] = {
	{"SequenceNumeric", 15, "", &fields_container[0], NULL, 0},
	{"ID", 2, "", &fields_container[1], NULL, 0},
	{"Seal", 4, "", &fields_container[2], NULL, 0},
};
const struct dict_class dict_container = {
	"container", "31B", "Container or other transport equipment",
	sizeof(struct container), ARRAY_LEN(fields_container), ARRAY_LEN(elements_container), 0x1, 0x4, fields_container, elements_container
};

static const struct dict_field fields_location[] = {
	{.name = "name", .length = 4, .kind = DICT_TEXT, .size = 256, 
	 .offset = offsetof(struct location, name), .wco_id = "L016", .wco_ids = "", .code_list = "",
	 .title = "Name or additional identifier"},
	{.name = "id", .length = 2, .kind = DICT_ID, .size = 17, 
	 .offset = offsetof(struct location, id), .wco_id = "L017", .wco_ids = "", .code_list = "",
	 .title = "Code"},
	{.name = "type", .length = 4, .kind = DICT_CODE, .size = 3, 
	 .offset = offsetof(struct location, type), .wco_id = "L110", .wco_ids = "", .code_list = "",
	 .title = "Kind of place"},
	{.name = "address", .length = 7, .kind = DICT_CLASS, 
	 .offset = offsetof(struct location, address), .of = &dict_address, .wco_id = "04A", .wco_ids = "", .code_list = "",
	 .title = "Address"},
};
static const struct dict_element elements_location[] = {
	{"Name", 4, "", &fields_location[0], NULL, 0},
	{"ID", 2, "", &fields_location[1], NULL, 0},
	{"TypeCode", 8, "", &fields_location[2], NULL, 0},
	{"Address", 7, "", &fields_location[3], NULL, 0},
};
const struct dict_class dict_location = {
	"location", "64A", "Place where the goods are, or were loaded",
	sizeof(struct location), ARRAY_LEN(fields_location), ARRAY_LEN(elements_location), 0x0, 0x8, fields_location, elements_location
};

static const struct dict_field fields_consignment[] = {
	{.name = "containerised", .length = 13, .kind = DICT_CODE, .size = 3, 
	 .offset = offsetof(struct consignment, containerised), .wco_id = "096", .wco_ids = "", .code_list = "container_flag",
	 .title = "Whether goods are in containers: 1 or 0"},
	{.name = "arrival", .length = 7, .kind = DICT_CLASS, 
	 .offset = offsetof(struct consignment, arrival), .of = &dict_transport_means, .wco_id = "10A", .wco_ids = "name:T001:id:T002:id_type:T034:type:T008:mode:T020", .code_list = "",
	 .title = "Means of transport on arrival"},
	{.name = "departure", .length = 9, .kind = DICT_CLASS, 
	 .offset = offsetof(struct consignment, departure), .of = &dict_transport_means, .wco_id = "46A", .wco_ids = "name:T003:id:T004:id_type:T029:type:T009:mode:T021", .code_list = "",
	 .title = "Means of transport on departure"},
	{.name = "location", .length = 8, .kind = DICT_CLASS, 
	 .offset = offsetof(struct consignment, location), .of = &dict_location, .wco_id = "64A", .wco_ids = "", .code_list = "",
	 .title = "Where the goods can be examined"},
	{.name = "loading", .length = 7, .kind = DICT_CLASS, 
	 .offset = offsetof(struct consignment, loading), .of = &dict_location, .wco_id = "83A", .wco_ids = "name:L009:id:L010", .code_list = "",
	 .title = "Where they were loaded"},
	{.name = "containers", .length = 10, .kind = DICT_CLASS, .list = true, .max = 999, 
	 .offset = offsetof(struct consignment, containers), .of = &dict_container, .wco_id = "31B", .wco_ids = "", .code_list = "",
	 .title = "Containers"},
};
static const struct dict_element elements_consignment[] = {
	{"ContainerCode", 13, "", &fields_consignment[0], NULL, 0},
	{"ArrivalTransportMeans", 21, "", &fields_consignment[1], NULL, 0},
	{"DepartureTransportMeans", 23, "", &fields_consignment[2], NULL, 0},
	{"GoodsLocation", 13, "", &fields_consignment[3], NULL, 0},
	{"LoadingLocation", 15, "", &fields_consignment[4], NULL, 0},
	{"TransportEquipment", 18, "", &fields_consignment[5], NULL, 0},
};
const struct dict_class dict_consignment = {
	"consignment", "28A", "How the goods travel",
	sizeof(struct consignment), ARRAY_LEN(fields_consignment), ARRAY_LEN(elements_consignment), 0x0, 0x3e, fields_consignment, elements_consignment
};

static const struct dict_field fields_charge[] = {
	{.name = "type", .length = 4, .kind = DICT_CODE, .size = 3, 
	 .offset = offsetof(struct charge, type), .wco_id = "371", .wco_ids = "", .code_list = "charge",
	 .title = "What it is for"},
	{.name = "amount", .length = 6, .kind = DICT_AMOUNT, .size = 16, .scale = 3, 
	 .offset = offsetof(struct charge, amount), .wco_id = "181", .wco_ids = "", .code_list = "currency",
	 .title = "How much"},
};
static const struct dict_element elements_charge[] = {
	{"ChargesTypeCode", 15, "", &fields_charge[0], NULL, 0},
	{"OtherChargeDeductionAmount", 26, "", &fields_charge[1], NULL, 0},
};
const struct dict_class dict_charge = {
	"charge", "58B", "Addition to or deduction from the price",
	sizeof(struct charge), ARRAY_LEN(fields_charge), ARRAY_LEN(elements_charge), 0x0, 0x0, fields_charge, elements_charge
};

static const struct dict_field fields_classification[] = {
	{.name = "id", .length = 2, .kind = DICT_ID, .size = 18, 
	 .offset = offsetof(struct classification, id), .wco_id = "145", .wco_ids = "", .code_list = "",
	 .title = "Code"},
	{.name = "type", .length = 4, .kind = DICT_CODE, .size = 3, 
	 .offset = offsetof(struct classification, type), .wco_id = "337", .wco_ids = "", .code_list = "",
	 .title = "Which nomenclature or part of the code"},
};
static const struct dict_element elements_classification[] = {
	{"ID", 2, "", &fields_classification[0], NULL, 0},
	{"IdentificationTypeCode", 22, "", &fields_classification[1], NULL, 0},
};
const struct dict_class dict_classification = {
	"classification", "21A", "Code of the goods in one nomenclature",
	sizeof(struct classification), ARRAY_LEN(fields_classification), ARRAY_LEN(elements_classification), 0x0, 0x0, fields_classification, elements_classification
};

static const struct dict_field fields_duty_line[] = {
	{.name = "base", .length = 4, .kind = DICT_AMOUNT, .size = 16, .scale = 3, 
	 .offset = offsetof(struct duty_line, base), .wco_id = "116", .wco_ids = "", .code_list = "currency",
	 .title = "Base by value"},
	{.name = "deduction", .length = 9, .kind = DICT_AMOUNT, .size = 16, .scale = 3, 
	 .offset = offsetof(struct duty_line, deduction), .wco_id = "111", .wco_ids = "", .code_list = "currency",
	 .title = "Deducted"},
	{.name = "preference", .length = 10, .kind = DICT_CODE, .size = 3, 
	 .offset = offsetof(struct duty_line, preference), .wco_id = "164", .wco_ids = "", .code_list = "preference",
	 .title = "Preference or suspension claimed"},
	{.name = "quantity", .length = 8, .kind = DICT_QUANTITY, .size = 16, .scale = 6, 
	 .offset = offsetof(struct duty_line, quantity), .wco_id = "129", .wco_ids = "", .code_list = "unit",
	 .title = "Base by quantity"},
	{.name = "rate", .length = 4, .kind = DICT_TEXT, .size = 17, 
	 .offset = offsetof(struct duty_line, rate), .wco_id = "115", .wco_ids = "", .code_list = "",
	 .title = "Rate"},
	{.name = "type", .length = 4, .kind = DICT_CODE, .size = 3, 
	 .offset = offsetof(struct duty_line, type), .wco_id = "113", .wco_ids = "", .code_list = "levy",
	 .title = "Which levy"},
	{.name = "quota", .length = 5, .kind = DICT_ID, .size = 17, 
	 .offset = offsetof(struct duty_line, quota), .wco_id = "401", .wco_ids = "", .code_list = "",
	 .title = "Quota that is claimed"},
	{.name = "payment_method", .length = 14, .kind = DICT_CODE, .size = 1, 
	 .offset = offsetof(struct duty_line, payment_method), .wco_id = "107", .wco_ids = "", .code_list = "payment_method",
	 .title = "How it will be paid"},
	{.name = "assessed", .length = 8, .kind = DICT_AMOUNT, .size = 16, .scale = 3, 
	 .offset = offsetof(struct duty_line, assessed), .wco_id = "120", .wco_ids = "", .code_list = "currency",
	 .title = "Amount as the declarant computes it"},
	{.name = "payable", .length = 7, .kind = DICT_AMOUNT, .size = 16, .scale = 3, 
	 .offset = offsetof(struct duty_line, payable), .wco_id = "378", .wco_ids = "", .code_list = "currency",
	 .title = "Amount to be paid"},
};
static const struct dict_element elements_duty_line_Payment[] = {
	{"MethodCode", 10, "", &fields_duty_line[7], NULL, 0},
	{"TaxAssessedAmount", 17, "", &fields_duty_line[8], NULL, 0},
	{"PaymentAmount", 13, "", &fields_duty_line[9], NULL, 0},
};
static const struct dict_element elements_duty_line[] = {
	{"AdValoremTaxBaseAmount", 22, "", &fields_duty_line[0], NULL, 0},
	{"DeductAmount", 12, "", &fields_duty_line[1], NULL, 0},
	{"DutyRegimeCode", 14, "", &fields_duty_line[2], NULL, 0},
	{"SpecificTaxBaseQuantity", 23, "", &fields_duty_line[3], NULL, 0},
	{"TaxRateNumeric", 14, "", &fields_duty_line[4], NULL, 0},
	{"TypeCode", 8, "", &fields_duty_line[5], NULL, 0},
	{"QuotaOrderID", 12, "", &fields_duty_line[6], NULL, 0},
	{"Payment", 7, "94A", NULL, elements_duty_line_Payment, ARRAY_LEN(elements_duty_line_Payment)},
};
const struct dict_class dict_duty_line = {
	"duty_line", "50A", "Duty, tax or fee as the declarant claims it",
	sizeof(struct duty_line), ARRAY_LEN(fields_duty_line), ARRAY_LEN(elements_duty_line), 0x0, 0x0, fields_duty_line, elements_duty_line
};

static const struct dict_field fields_commodity[] = {
	{.name = "description", .length = 11, .kind = DICT_TEXT, .size = 512, 
	 .offset = offsetof(struct commodity, description), .wco_id = "137", .wco_ids = "", .code_list = "",
	 .title = "Plain description"},
	{.name = "classifications", .length = 15, .kind = DICT_CLASS, .list = true, .max = 99, 
	 .offset = offsetof(struct commodity, classifications), .of = &dict_classification, .wco_id = "21A", .wco_ids = "", .code_list = "",
	 .title = "Codes"},
	{.name = "dangerous", .length = 9, .kind = DICT_ID, .list = true, .max = 99, .size = 4, 
	 .offset = offsetof(struct commodity, dangerous), .wco_id = "506", .wco_ids = "", .code_list = "",
	 .title = "United Nations number of dangerous goods"},
	{.name = "duties", .length = 6, .kind = DICT_CLASS, .list = true, .max = 99, 
	 .offset = offsetof(struct commodity, duties), .of = &dict_duty_line, .wco_id = "50A", .wco_ids = "", .code_list = "",
	 .title = "Duties and taxes claimed"},
	{.name = "gross_mass", .length = 10, .kind = DICT_QUANTITY, .size = 16, .scale = 6, 
	 .offset = offsetof(struct commodity, gross_mass), .wco_id = "126", .wco_ids = "", .code_list = "",
	 .title = "Mass with packing, kilograms"},
	{.name = "net_mass", .length = 8, .kind = DICT_QUANTITY, .size = 16, .scale = 6, 
	 .offset = offsetof(struct commodity, net_mass), .wco_id = "128", .wco_ids = "", .code_list = "",
	 .title = "Mass without packing, kilograms"},
	{.name = "tariff_quantity", .length = 15, .kind = DICT_QUANTITY, .size = 16, .scale = 6, 
	 .offset = offsetof(struct commodity, tariff_quantity), .wco_id = "130", .wco_ids = "", .code_list = "unit",
	 .title = "Quantity in the tariff's supplementary unit"},
	{.name = "price", .length = 5, .kind = DICT_AMOUNT, .size = 16, .scale = 3, 
	 .offset = offsetof(struct commodity, price), .wco_id = "112", .wco_ids = "", .code_list = "currency",
	 .title = "Price of the item on the invoice"},
	{.name = "containers", .length = 10, .kind = DICT_CLASS, .list = true, .max = 999, 
	 .offset = offsetof(struct commodity, containers), .of = &dict_container, .wco_id = "31B", .wco_ids = "", .code_list = "",
	 .title = "Containers that hold the item"},
};
static const struct dict_element elements_commodity_DangerousGoods[] = {
	{"UNDGID", 6, "", &fields_commodity[2], NULL, 0},
};
static const struct dict_element elements_commodity_GoodsMeasure[] = {
	{"GrossMassMeasure", 16, "", &fields_commodity[4], NULL, 0},
	{"NetNetWeightMeasure", 19, "", &fields_commodity[5], NULL, 0},
	{"TariffQuantity", 14, "", &fields_commodity[6], NULL, 0},
};
static const struct dict_element elements_commodity_InvoiceLine[] = {
	{"ItemChargeAmount", 16, "", &fields_commodity[7], NULL, 0},
};
static const struct dict_element elements_commodity[] = {
	{"Description", 11, "", &fields_commodity[0], NULL, 0},
	{"Classification", 14, "", &fields_commodity[1], NULL, 0},
	{"DangerousGoods", 14, "12C", NULL, elements_commodity_DangerousGoods, ARRAY_LEN(elements_commodity_DangerousGoods)},
	{"DutyTaxFee", 10, "", &fields_commodity[3], NULL, 0},
	{"GoodsMeasure", 12, "65A", NULL, elements_commodity_GoodsMeasure, ARRAY_LEN(elements_commodity_GoodsMeasure)},
	{"InvoiceLine", 11, "79A", NULL, elements_commodity_InvoiceLine, ARRAY_LEN(elements_commodity_InvoiceLine)},
	{"TransportEquipment", 18, "", &fields_commodity[8], NULL, 0},
};
const struct dict_class dict_commodity = {
	"commodity", "23A", "What the goods are",
	sizeof(struct commodity), ARRAY_LEN(fields_commodity), ARRAY_LEN(elements_commodity), 0x0, 0x10a, fields_commodity, elements_commodity
};

static const struct dict_field fields_procedure[] = {
	{.name = "requested", .length = 9, .kind = DICT_CODE, .size = 7, 
	 .offset = offsetof(struct procedure, requested), .wco_id = "166", .wco_ids = "", .code_list = "",
	 .title = "Procedure requested, or an additional procedure"},
	{.name = "previous", .length = 8, .kind = DICT_CODE, .size = 7, 
	 .offset = offsetof(struct procedure, previous), .wco_id = "161", .wco_ids = "", .code_list = "",
	 .title = "Procedure that the goods were under before"},
};
static const struct dict_element elements_procedure[] = {
	{"CurrentCode", 11, "", &fields_procedure[0], NULL, 0},
	{"PreviousCode", 12, "", &fields_procedure[1], NULL, 0},
};
const struct dict_class dict_procedure = {
	"procedure", "70A", "Customs procedure",
	sizeof(struct procedure), ARRAY_LEN(fields_procedure), ARRAY_LEN(elements_procedure), 0x0, 0x0, fields_procedure, elements_procedure
};

static const struct dict_field fields_origin[] = {
	{.name = "country", .length = 7, .kind = DICT_CODE, .size = 4, 
	 .offset = offsetof(struct origin, country), .wco_id = "063", .wco_ids = "", .code_list = "country",
	 .title = "Country or group of countries"},
	{.name = "region", .length = 6, .kind = DICT_CODE, .size = 9, 
	 .offset = offsetof(struct origin, region), .wco_id = "066", .wco_ids = "", .code_list = "",
	 .title = "Region"},
	{.name = "type", .length = 4, .kind = DICT_CODE, .size = 3, 
	 .offset = offsetof(struct origin, type), .wco_id = "501", .wco_ids = "", .code_list = "origin_type",
	 .title = "Kind: non-preferential or preferential"},
};
static const struct dict_element elements_origin[] = {
	{"CountryCode", 11, "", &fields_origin[0], NULL, 0},
	{"RegionID", 8, "", &fields_origin[1], NULL, 0},
	{"TypeCode", 8, "", &fields_origin[2], NULL, 0},
};
const struct dict_class dict_origin = {
	"origin", "92A", "Origin of the goods",
	sizeof(struct origin), ARRAY_LEN(fields_origin), ARRAY_LEN(elements_origin), 0x0, 0x0, fields_origin, elements_origin
};

static const struct dict_field fields_package[] = {
	{.name = "sequence", .length = 8, .kind = DICT_NUMBER, .size = 5, .scale = 0, 
	 .offset = offsetof(struct package, sequence), .wco_id = "006", .wco_ids = "", .code_list = "",
	 .title = "Order"},
	{.name = "marks", .length = 5, .kind = DICT_TEXT, .size = 512, 
	 .offset = offsetof(struct package, marks), .wco_id = "142", .wco_ids = "", .code_list = "",
	 .title = "Marks and numbers"},
	{.name = "count", .length = 5, .kind = DICT_NUMBER, .size = 8, .scale = 0, 
	 .offset = offsetof(struct package, count), .wco_id = "144", .wco_ids = "", .code_list = "",
	 .title = "How many"},
	{.name = "type", .length = 4, .kind = DICT_CODE, .size = 2, 
	 .offset = offsetof(struct package, type), .wco_id = "141", .wco_ids = "", .code_list = "package_type",
	 .title = "Kind"},
	{.name = "material", .length = 8, .kind = DICT_TEXT, .size = 256, 
	 .offset = offsetof(struct package, material), .wco_id = "344", .wco_ids = "", .code_list = "",
	 .title = "Material"},
	{.name = "length", .length = 6, .kind = DICT_QUANTITY, .size = 15, .scale = 0, 
	 .offset = offsetof(struct package, length), .wco_id = "367", .wco_ids = "", .code_list = "",
	 .title = "Length"},
	{.name = "width", .length = 5, .kind = DICT_QUANTITY, .size = 15, .scale = 0, 
	 .offset = offsetof(struct package, width), .wco_id = "368", .wco_ids = "", .code_list = "",
	 .title = "Width"},
	{.name = "height", .length = 6, .kind = DICT_QUANTITY, .size = 15, .scale = 0, 
	 .offset = offsetof(struct package, height), .wco_id = "402", .wco_ids = "", .code_list = "",
	 .title = "Height"},
	{.name = "volume", .length = 6, .kind = DICT_QUANTITY, .size = 16, .scale = 6, 
	 .offset = offsetof(struct package, volume), .wco_id = "395", .wco_ids = "", .code_list = "",
	 .title = "Volume"},
};
static const struct dict_element elements_package[] = {
	{"SequenceNumeric", 15, "", &fields_package[0], NULL, 0},
	{"MarksNumbersID", 14, "", &fields_package[1], NULL, 0},
	{"QuantityQuantity", 16, "", &fields_package[2], NULL, 0},
	{"TypeCode", 8, "", &fields_package[3], NULL, 0},
	{"PackingMaterialDescription", 26, "", &fields_package[4], NULL, 0},
	{"LengthMeasure", 13, "", &fields_package[5], NULL, 0},
	{"WidthMeasure", 12, "", &fields_package[6], NULL, 0},
	{"HeightMeasure", 13, "", &fields_package[7], NULL, 0},
	{"VolumeMeasure", 13, "", &fields_package[8], NULL, 0},
};
const struct dict_class dict_package = {
	"package", "93A", "Packages of one kind",
	sizeof(struct package), ARRAY_LEN(fields_package), ARRAY_LEN(elements_package), 0x0, 0x0, fields_package, elements_package
};

static const struct dict_field fields_previous_document[] = {
	{.name = "category", .length = 8, .kind = DICT_CODE, .size = 3, 
	 .offset = offsetof(struct previous_document, category), .wco_id = "D031", .wco_ids = "", .code_list = "",
	 .title = "First part of the document code"},
	{.name = "id", .length = 2, .kind = DICT_ID, .size = 70, 
	 .offset = offsetof(struct previous_document, id), .wco_id = "D018", .wco_ids = "", .code_list = "",
	 .title = "Number"},
	{.name = "type", .length = 4, .kind = DICT_CODE, .size = 3, 
	 .offset = offsetof(struct previous_document, type), .wco_id = "D019", .wco_ids = "", .code_list = "",
	 .title = "Second part of the document code"},
	{.name = "line", .length = 4, .kind = DICT_NUMBER, .size = 5, .scale = 0, 
	 .offset = offsetof(struct previous_document, line), .wco_id = "171", .wco_ids = "", .code_list = "",
	 .title = "Item in that document"},
};
static const struct dict_element elements_previous_document[] = {
	{"CategoryCode", 12, "", &fields_previous_document[0], NULL, 0},
	{"ID", 2, "", &fields_previous_document[1], NULL, 0},
	{"TypeCode", 8, "", &fields_previous_document[2], NULL, 0},
	{"LineNumeric", 11, "", &fields_previous_document[3], NULL, 0},
};
const struct dict_class dict_previous_document = {
	"previous_document", "99A", "Document of the operation before",
	sizeof(struct previous_document), ARRAY_LEN(fields_previous_document), ARRAY_LEN(elements_previous_document), 0x0, 0x0, fields_previous_document, elements_previous_document
};

static const struct dict_field fields_consignment_reference[] = {
	{.name = "id", .length = 2, .kind = DICT_ID, .size = 35, 
	 .offset = offsetof(struct consignment_reference, id), .wco_id = "016", .wco_ids = "", .code_list = "",
	 .title = "Unique consignment reference"},
	{.name = "trader", .length = 6, .kind = DICT_ID, .size = 35, 
	 .offset = offsetof(struct consignment_reference, trader), .wco_id = "009", .wco_ids = "", .code_list = "",
	 .title = "Trader's own reference"},
};
static const struct dict_element elements_consignment_reference[] = {
	{"ID", 2, "", &fields_consignment_reference[0], NULL, 0},
	{"TraderAssignedReferenceID", 25, "", &fields_consignment_reference[1], NULL, 0},
};
const struct dict_class dict_consignment_reference = {
	"consignment_reference", "35B", "Reference that follows the consignment",
	sizeof(struct consignment_reference), ARRAY_LEN(fields_consignment_reference), ARRAY_LEN(elements_consignment_reference), 0x0, 0x0, fields_consignment_reference, elements_consignment_reference
};

static const struct dict_field fields_goods_item[] = {
	{.name = "customs_value", .length = 13, .kind = DICT_AMOUNT, .size = 16, .scale = 3, 
	 .offset = offsetof(struct goods_item, customs_value), .wco_id = "108", .wco_ids = "", .code_list = "currency",
	 .title = "Customs value as declared"},
	{.name = "sequence", .length = 8, .kind = DICT_NUMBER, .required = true, .size = 5, .scale = 0, 
	 .offset = offsetof(struct goods_item, sequence), .wco_id = "006", .wco_ids = "", .code_list = "",
	 .title = "Number of the item, from 1"},
	{.name = "statistical_value", .length = 17, .kind = DICT_AMOUNT, .size = 16, .scale = 3, 
	 .offset = offsetof(struct goods_item, statistical_value), .wco_id = "114", .wco_ids = "", .code_list = "currency",
	 .title = "Value for trade statistics"},
	{.name = "transaction", .length = 11, .kind = DICT_CODE, .size = 2, 
	 .offset = offsetof(struct goods_item, transaction), .wco_id = "103", .wco_ids = "", .code_list = "transaction",
	 .title = "Nature of the transaction"},
	{.name = "documents", .length = 9, .kind = DICT_CLASS, .list = true, .max = 99, 
	 .offset = offsetof(struct goods_item, documents), .of = &dict_document, .wco_id = "02A", .wco_ids = "", .code_list = "",
	 .title = "Documents for the item"},
	{.name = "statements", .length = 10, .kind = DICT_CLASS, .list = true, .max = 99, 
	 .offset = offsetof(struct goods_item, statements), .of = &dict_statement, .wco_id = "03A", .wco_ids = "", .code_list = "",
	 .title = "Remarks"},
	{.name = "aeo", .length = 3, .kind = DICT_CLASS, .list = true, .max = 99, 
	 .offset = offsetof(struct goods_item, aeo), .of = &dict_role_party, .wco_id = "16C", .wco_ids = "", .code_list = "",
	 .title = "Authorised operators in the supply chain"},
	{.name = "buyer", .length = 5, .kind = DICT_CLASS, 
	 .offset = offsetof(struct goods_item, buyer), .of = &dict_party, .wco_id = "16A", .wco_ids = "name:R009:id:R010", .code_list = "",
	 .title = "Who buys"},
	{.name = "commodity", .length = 9, .kind = DICT_CLASS, 
	 .offset = offsetof(struct goods_item, commodity), .of = &dict_commodity, .wco_id = "23A", .wco_ids = "", .code_list = "",
	 .title = "What it is"},
	{.name = "consignee", .length = 9, .kind = DICT_CLASS, 
	 .offset = offsetof(struct goods_item, consignee), .of = &dict_party, .wco_id = "27A", .wco_ids = "name:R014:id:R015", .code_list = "",
	 .title = "Who receives"},
	{.name = "consignor", .length = 9, .kind = DICT_CLASS, 
	 .offset = offsetof(struct goods_item, consignor), .of = &dict_party, .wco_id = "30A", .wco_ids = "name:R020:id:R021", .code_list = "",
	 .title = "Who sends"},
	{.name = "valuation_method", .length = 16, .kind = DICT_CODE, .size = 3, 
	 .offset = offsetof(struct goods_item, valuation_method), .wco_id = "122", .wco_ids = "", .code_list = "valuation_method",
	 .title = "Method of valuation, 1 to 6"},
	{.name = "charges", .length = 7, .kind = DICT_CLASS, .list = true, .max = 99, 
	 .offset = offsetof(struct goods_item, charges), .of = &dict_charge, .wco_id = "58B", .wco_ids = "", .code_list = "",
	 .title = "Additions and deductions"},
	{.name = "destination", .length = 11, .kind = DICT_CODE, .size = 2, 
	 .offset = offsetof(struct goods_item, destination), .wco_id = "465", .wco_ids = "", .code_list = "country",
	 .title = "Country of destination"},
	{.name = "destination_region", .length = 18, .kind = DICT_CODE, .size = 9, 
	 .offset = offsetof(struct goods_item, destination_region), .wco_id = "477", .wco_ids = "", .code_list = "",
	 .title = "Region of destination"},
	{.name = "tax_parties", .length = 11, .kind = DICT_CLASS, .list = true, .max = 99, 
	 .offset = offsetof(struct goods_item, tax_parties), .of = &dict_role_party, .wco_id = "55B", .wco_ids = "id:R119", .code_list = "",
	 .title = "Parties for domestic taxes"},
	{.name = "export_country", .length = 14, .kind = DICT_CODE, .size = 2, 
	 .offset = offsetof(struct goods_item, export_country), .wco_id = "062", .wco_ids = "", .code_list = "country",
	 .title = "Country from which it was sent"},
	{.name = "procedures", .length = 10, .kind = DICT_CLASS, .list = true, .max = 99, 
	 .offset = offsetof(struct goods_item, procedures), .of = &dict_procedure, .wco_id = "70A", .wco_ids = "", .code_list = "",
	 .title = "Procedures: the first is the main one"},
	{.name = "origins", .length = 7, .kind = DICT_CLASS, .list = true, .max = 9, 
	 .offset = offsetof(struct goods_item, origins), .of = &dict_origin, .wco_id = "92A", .wco_ids = "", .code_list = "",
	 .title = "Origins"},
	{.name = "packages", .length = 8, .kind = DICT_CLASS, .list = true, .max = 99, 
	 .offset = offsetof(struct goods_item, packages), .of = &dict_package, .wco_id = "93A", .wco_ids = "", .code_list = "",
	 .title = "Packages"},
	{.name = "previous", .length = 8, .kind = DICT_CLASS, .list = true, .max = 99, 
	 .offset = offsetof(struct goods_item, previous), .of = &dict_previous_document, .wco_id = "99A", .wco_ids = "", .code_list = "",
	 .title = "Documents of the operation before"},
	{.name = "seller", .length = 6, .kind = DICT_CLASS, 
	 .offset = offsetof(struct goods_item, seller), .of = &dict_party, .wco_id = "09B", .wco_ids = "name:R050:id:R051", .code_list = "",
	 .title = "Who sells"},
	{.name = "ucr", .length = 3, .kind = DICT_CLASS, 
	 .offset = offsetof(struct goods_item, ucr), .of = &dict_consignment_reference, .wco_id = "35B", .wco_ids = "", .code_list = "",
	 .title = "Consignment reference"},
	{.name = "valuation_indicators", .length = 20, .kind = DICT_CODE, .size = 4, 
	 .offset = offsetof(struct goods_item, valuation_indicators), .wco_id = "188", .wco_ids = "", .code_list = "",
	 .title = "Four signs, 0 or 1, about the sale"},
};
static const struct dict_element elements_goods_item_CustomsValuation[] = {
	{"MethodCode", 10, "", &fields_goods_item[11], NULL, 0},
	{"ChargeDeduction", 15, "", &fields_goods_item[12], NULL, 0},
};
static const struct dict_element elements_goods_item_Destination[] = {
	{"CountryCode", 11, "", &fields_goods_item[13], NULL, 0},
	{"RegionID", 8, "", &fields_goods_item[14], NULL, 0},
};
static const struct dict_element elements_goods_item_ExportCountry[] = {
	{"ID", 2, "", &fields_goods_item[16], NULL, 0},
};
static const struct dict_element elements_goods_item_ValuationAdjustment[] = {
	{"AdditionCode", 12, "", &fields_goods_item[23], NULL, 0},
};
static const struct dict_element elements_goods_item[] = {
	{"CustomsValueAmount", 18, "", &fields_goods_item[0], NULL, 0},
	{"SequenceNumeric", 15, "", &fields_goods_item[1], NULL, 0},
	{"StatisticalValueAmount", 22, "", &fields_goods_item[2], NULL, 0},
	{"TransactionNatureCode", 21, "", &fields_goods_item[3], NULL, 0},
	{"AdditionalDocument", 18, "", &fields_goods_item[4], NULL, 0},
	{"AdditionalInformation", 21, "", &fields_goods_item[5], NULL, 0},
	{"AEOMutualRecognitionParty", 25, "", &fields_goods_item[6], NULL, 0},
	{"Buyer", 5, "", &fields_goods_item[7], NULL, 0},
	{"Commodity", 9, "", &fields_goods_item[8], NULL, 0},
	{"Consignee", 9, "", &fields_goods_item[9], NULL, 0},
	{"Consignor", 9, "", &fields_goods_item[10], NULL, 0},
	{"CustomsValuation", 16, "41A", NULL, elements_goods_item_CustomsValuation, ARRAY_LEN(elements_goods_item_CustomsValuation)},
	{"Destination", 11, "99B", NULL, elements_goods_item_Destination, ARRAY_LEN(elements_goods_item_Destination)},
	{"DomesticDutyTaxParty", 20, "", &fields_goods_item[15], NULL, 0},
	{"ExportCountry", 13, "95B", NULL, elements_goods_item_ExportCountry, ARRAY_LEN(elements_goods_item_ExportCountry)},
	{"GovernmentProcedure", 19, "", &fields_goods_item[17], NULL, 0},
	{"Origin", 6, "", &fields_goods_item[18], NULL, 0},
	{"Packaging", 9, "", &fields_goods_item[19], NULL, 0},
	{"PreviousDocument", 16, "", &fields_goods_item[20], NULL, 0},
	{"Seller", 6, "", &fields_goods_item[21], NULL, 0},
	{"UCR", 3, "", &fields_goods_item[22], NULL, 0},
	{"ValuationAdjustment", 19, "39B", NULL, elements_goods_item_ValuationAdjustment, ARRAY_LEN(elements_goods_item_ValuationAdjustment)},
};
const struct dict_class dict_goods_item = {
	"goods_item", "68A", "Goods of one kind in the declaration",
	sizeof(struct goods_item), ARRAY_LEN(fields_goods_item), ARRAY_LEN(elements_goods_item), 0x2, 0x7e97f0, fields_goods_item, elements_goods_item
};

static const struct dict_field fields_trade_terms[] = {
	{.name = "code", .length = 4, .kind = DICT_CODE, .size = 3, 
	 .offset = offsetof(struct trade_terms, code), .wco_id = "090", .wco_ids = "", .code_list = "incoterm",
	 .title = "Incoterm"},
	{.name = "relationship", .length = 12, .kind = DICT_CODE, .size = 3, 
	 .offset = offsetof(struct trade_terms, relationship), .wco_id = "106", .wco_ids = "", .code_list = "",
	 .title = "Where the place lies"},
	{.name = "text", .length = 4, .kind = DICT_TEXT, .size = 70, 
	 .offset = offsetof(struct trade_terms, text), .wco_id = "089", .wco_ids = "", .code_list = "",
	 .title = "Terms in words"},
	{.name = "place", .length = 5, .kind = DICT_CODE, .size = 17, 
	 .offset = offsetof(struct trade_terms, place), .wco_id = "L002", .wco_ids = "", .code_list = "",
	 .title = "Place, coded"},
	{.name = "place_name", .length = 10, .kind = DICT_TEXT, .size = 256, 
	 .offset = offsetof(struct trade_terms, place_name), .wco_id = "L001", .wco_ids = "", .code_list = "",
	 .title = "Place"},
};
static const struct dict_element elements_trade_terms[] = {
	{"ConditionCode", 13, "", &fields_trade_terms[0], NULL, 0},
	{"CountryRelationshipCode", 23, "", &fields_trade_terms[1], NULL, 0},
	{"Description", 11, "", &fields_trade_terms[2], NULL, 0},
	{"LocationID", 10, "", &fields_trade_terms[3], NULL, 0},
	{"LocationName", 12, "", &fields_trade_terms[4], NULL, 0},
};
const struct dict_class dict_trade_terms = {
	"trade_terms", "22B", "Terms of delivery",
	sizeof(struct trade_terms), ARRAY_LEN(fields_trade_terms), ARRAY_LEN(elements_trade_terms), 0x0, 0x0, fields_trade_terms, elements_trade_terms
};

static const struct dict_field fields_warehouse[] = {
	{.name = "id", .length = 2, .kind = DICT_ID, .size = 35, 
	 .offset = offsetof(struct warehouse, id), .wco_id = "L019", .wco_ids = "", .code_list = "",
	 .title = "Number"},
	{.name = "type", .length = 4, .kind = DICT_CODE, .size = 3, 
	 .offset = offsetof(struct warehouse, type), .wco_id = "L112", .wco_ids = "", .code_list = "warehouse_type",
	 .title = "Kind"},
};
static const struct dict_element elements_warehouse[] = {
	{"ID", 2, "", &fields_warehouse[0], NULL, 0},
	{"TypeCode", 8, "", &fields_warehouse[1], NULL, 0},
};
const struct dict_class dict_warehouse = {
	"warehouse", "43B", "Customs warehouse",
	sizeof(struct warehouse), ARRAY_LEN(fields_warehouse), ARRAY_LEN(elements_warehouse), 0x0, 0x0, fields_warehouse, elements_warehouse
};

static const struct dict_field fields_shipment[] = {
	{.name = "exit_time", .length = 9, .kind = DICT_DATETIME, .size = 35, 
	 .offset = offsetof(struct shipment, exit_time), .wco_id = "024", .wco_ids = "", .code_list = "",
	 .title = "When the goods left"},
	{.name = "transaction", .length = 11, .kind = DICT_CODE, .size = 2, 
	 .offset = offsetof(struct shipment, transaction), .wco_id = "103", .wco_ids = "", .code_list = "transaction",
	 .title = "Nature of the transaction"},
	{.name = "aeo", .length = 3, .kind = DICT_CLASS, .list = true, .max = 99, 
	 .offset = offsetof(struct shipment, aeo), .of = &dict_role_party, .wco_id = "16C", .wco_ids = "", .code_list = "",
	 .title = "Authorised operators in the supply chain"},
	{.name = "buyer", .length = 5, .kind = DICT_CLASS, 
	 .offset = offsetof(struct shipment, buyer), .of = &dict_party, .wco_id = "16A", .wco_ids = "name:R009:id:R010", .code_list = "",
	 .title = "Who buys"},
	{.name = "consignee", .length = 9, .kind = DICT_CLASS, 
	 .offset = offsetof(struct shipment, consignee), .of = &dict_party, .wco_id = "27A", .wco_ids = "name:R014:id:R015", .code_list = "",
	 .title = "Who receives"},
	{.name = "consignment", .length = 11, .kind = DICT_CLASS, 
	 .offset = offsetof(struct shipment, consignment), .of = &dict_consignment, .wco_id = "28A", .wco_ids = "", .code_list = "",
	 .title = "How the goods travel"},
	{.name = "consignor", .length = 9, .kind = DICT_CLASS, 
	 .offset = offsetof(struct shipment, consignor), .of = &dict_party, .wco_id = "30A", .wco_ids = "name:R020:id:R021", .code_list = "",
	 .title = "Who sends"},
	{.name = "freight", .length = 7, .kind = DICT_AMOUNT, .size = 16, .scale = 3, 
	 .offset = offsetof(struct shipment, freight), .wco_id = "117", .wco_ids = "", .code_list = "currency",
	 .title = "Freight for the whole shipment"},
	{.name = "charges", .length = 7, .kind = DICT_CLASS, .list = true, .max = 99, 
	 .offset = offsetof(struct shipment, charges), .of = &dict_charge, .wco_id = "58B", .wco_ids = "", .code_list = "",
	 .title = "Additions and deductions for the whole shipment"},
	{.name = "destination", .length = 11, .kind = DICT_CODE, .size = 2, 
	 .offset = offsetof(struct shipment, destination), .wco_id = "465", .wco_ids = "", .code_list = "country",
	 .title = "Country of destination"},
	{.name = "destination_region", .length = 18, .kind = DICT_CODE, .size = 9, 
	 .offset = offsetof(struct shipment, destination_region), .wco_id = "477", .wco_ids = "", .code_list = "",
	 .title = "Region of destination"},
	{.name = "tax_parties", .length = 11, .kind = DICT_CLASS, .list = true, .max = 99, 
	 .offset = offsetof(struct shipment, tax_parties), .of = &dict_role_party, .wco_id = "55B", .wco_ids = "id:R119", .code_list = "",
	 .title = "Parties for domestic taxes"},
	{.name = "export_country", .length = 14, .kind = DICT_CODE, .size = 2, 
	 .offset = offsetof(struct shipment, export_country), .wco_id = "062", .wco_ids = "", .code_list = "country",
	 .title = "Country from which the goods were sent"},
	{.name = "items", .length = 5, .kind = DICT_CLASS, .list = true, .max = 999, 
	 .offset = offsetof(struct shipment, items), .of = &dict_goods_item, .wco_id = "68A", .wco_ids = "", .code_list = "",
	 .title = "Goods items"},
	{.name = "importer", .length = 8, .kind = DICT_CLASS, 
	 .offset = offsetof(struct shipment, importer), .of = &dict_party, .wco_id = "74A", .wco_ids = "name:R037:id:R038", .code_list = "",
	 .title = "Who brings the goods in"},
	{.name = "invoice", .length = 7, .kind = DICT_ID, .size = 70, 
	 .offset = offsetof(struct shipment, invoice), .wco_id = "D016", .wco_ids = "", .code_list = "",
	 .title = "Number of the invoice"},
	{.name = "invoice_time", .length = 12, .kind = DICT_DATETIME, .size = 35, 
	 .offset = offsetof(struct shipment, invoice_time), .wco_id = "D015", .wco_ids = "", .code_list = "",
	 .title = "Day of the invoice"},
	{.name = "payer", .length = 5, .kind = DICT_CLASS, 
	 .offset = offsetof(struct shipment, payer), .of = &dict_party, .wco_id = "56B", .wco_ids = "name:R120:id:R121", .code_list = "",
	 .title = "Who pays the duties"},
	{.name = "previous", .length = 8, .kind = DICT_CLASS, .list = true, .max = 99, 
	 .offset = offsetof(struct shipment, previous), .of = &dict_previous_document, .wco_id = "99A", .wco_ids = "", .code_list = "",
	 .title = "Documents of the operation before"},
	{.name = "seller", .length = 6, .kind = DICT_CLASS, 
	 .offset = offsetof(struct shipment, seller), .of = &dict_party, .wco_id = "09B", .wco_ids = "name:R050:id:R051", .code_list = "",
	 .title = "Who sells"},
	{.name = "surety", .length = 6, .kind = DICT_CLASS, 
	 .offset = offsetof(struct shipment, surety), .of = &dict_party, .wco_id = "19B", .wco_ids = "name:R054:id:R055", .code_list = "",
	 .title = "Who guarantees"},
	{.name = "terms", .length = 5, .kind = DICT_CLASS, 
	 .offset = offsetof(struct shipment, terms), .of = &dict_trade_terms, .wco_id = "22B", .wco_ids = "", .code_list = "",
	 .title = "Terms of delivery"},
	{.name = "ucr", .length = 3, .kind = DICT_CLASS, 
	 .offset = offsetof(struct shipment, ucr), .of = &dict_consignment_reference, .wco_id = "35B", .wco_ids = "", .code_list = "",
	 .title = "Consignment reference"},
	{.name = "warehouse", .length = 9, .kind = DICT_CLASS, 
	 .offset = offsetof(struct shipment, warehouse), .of = &dict_warehouse, .wco_id = "43B", .wco_ids = "", .code_list = "",
	 .title = "Customs warehouse"},
};
static const struct dict_element elements_shipment_CustomsValuation[] = {
	{"FreightChargeAmount", 19, "", &fields_shipment[7], NULL, 0},
	{"ChargeDeduction", 15, "", &fields_shipment[8], NULL, 0},
};
static const struct dict_element elements_shipment_Destination[] = {
	{"CountryCode", 11, "", &fields_shipment[9], NULL, 0},
	{"RegionID", 8, "", &fields_shipment[10], NULL, 0},
};
static const struct dict_element elements_shipment_ExportCountry[] = {
	{"ID", 2, "", &fields_shipment[12], NULL, 0},
};
static const struct dict_element elements_shipment_Invoice[] = {
	{"ID", 2, "", &fields_shipment[15], NULL, 0},
	{"IssueDateTime", 13, "", &fields_shipment[16], NULL, 0},
};
static const struct dict_element elements_shipment[] = {
	{"ExitDateTime", 12, "", &fields_shipment[0], NULL, 0},
	{"TransactionNatureCode", 21, "", &fields_shipment[1], NULL, 0},
	{"AEOMutualRecognitionParty", 25, "", &fields_shipment[2], NULL, 0},
	{"Buyer", 5, "", &fields_shipment[3], NULL, 0},
	{"Consignee", 9, "", &fields_shipment[4], NULL, 0},
	{"Consignment", 11, "", &fields_shipment[5], NULL, 0},
	{"Consignor", 9, "", &fields_shipment[6], NULL, 0},
	{"CustomsValuation", 16, "41A", NULL, elements_shipment_CustomsValuation, ARRAY_LEN(elements_shipment_CustomsValuation)},
	{"Destination", 11, "99B", NULL, elements_shipment_Destination, ARRAY_LEN(elements_shipment_Destination)},
	{"DomesticDutyTaxParty", 20, "", &fields_shipment[11], NULL, 0},
	{"ExportCountry", 13, "95B", NULL, elements_shipment_ExportCountry, ARRAY_LEN(elements_shipment_ExportCountry)},
	{"GovernmentAgencyGoodsItem", 25, "", &fields_shipment[13], NULL, 0},
	{"Importer", 8, "", &fields_shipment[14], NULL, 0},
	{"Invoice", 7, "78A", NULL, elements_shipment_Invoice, ARRAY_LEN(elements_shipment_Invoice)},
	{"Payer", 5, "", &fields_shipment[17], NULL, 0},
	{"PreviousDocument", 16, "", &fields_shipment[18], NULL, 0},
	{"Seller", 6, "", &fields_shipment[19], NULL, 0},
	{"Surety", 6, "", &fields_shipment[20], NULL, 0},
	{"TradeTerms", 10, "", &fields_shipment[21], NULL, 0},
	{"UCR", 3, "", &fields_shipment[22], NULL, 0},
	{"Warehouse", 9, "", &fields_shipment[23], NULL, 0},
};
const struct dict_class dict_shipment = {
	"shipment", "67A", "The goods and the trade behind them",
	sizeof(struct shipment), ARRAY_LEN(fields_shipment), ARRAY_LEN(elements_shipment), 0x0, 0xfe697c, fields_shipment, elements_shipment
};

static const struct dict_field fields_guarantee[] = {
	{.name = "amount", .length = 6, .kind = DICT_AMOUNT, .size = 16, .scale = 3, 
	 .offset = offsetof(struct guarantee, amount), .wco_id = "492", .wco_ids = "", .code_list = "currency",
	 .title = "Amount"},
	{.name = "id", .length = 2, .kind = DICT_ID, .size = 70, 
	 .offset = offsetof(struct guarantee, id), .wco_id = "D014", .wco_ids = "", .code_list = "",
	 .title = "Reference number of the guarantee"},
	{.name = "reference", .length = 9, .kind = DICT_ID, .size = 35, 
	 .offset = offsetof(struct guarantee, reference), .wco_id = "100", .wco_ids = "", .code_list = "",
	 .title = "Other reference"},
	{.name = "type", .length = 4, .kind = DICT_CODE, .size = 3, 
	 .offset = offsetof(struct guarantee, type), .wco_id = "101", .wco_ids = "", .code_list = "guarantee_type",
	 .title = "Kind"},
	{.name = "access_code", .length = 11, .kind = DICT_CODE, .size = 4, 
	 .offset = offsetof(struct guarantee, access_code), .wco_id = "499", .wco_ids = "", .code_list = "",
	 .title = "Secret of its holder"},
	{.name = "office", .length = 6, .kind = DICT_CODE, .size = 17, 
	 .offset = offsetof(struct guarantee, office), .wco_id = "G014", .wco_ids = "", .code_list = "office",
	 .title = "Office that holds it"},
};
static const struct dict_element elements_guarantee_GuaranteeOffice[] = {
	{"ID", 2, "", &fields_guarantee[5], NULL, 0},
};
static const struct dict_element elements_guarantee[] = {
	{"AmountAmount", 12, "", &fields_guarantee[0], NULL, 0},
	{"ID", 2, "", &fields_guarantee[1], NULL, 0},
	{"ReferenceID", 11, "", &fields_guarantee[2], NULL, 0},
	{"SecurityDetailsCode", 19, "", &fields_guarantee[3], NULL, 0},
	{"AccessCode", 10, "", &fields_guarantee[4], NULL, 0},
	{"GuaranteeOffice", 15, "14C", NULL, elements_guarantee_GuaranteeOffice, ARRAY_LEN(elements_guarantee_GuaranteeOffice)},
};
const struct dict_class dict_guarantee = {
	"guarantee", "90A", "Guarantee for a debt",
	sizeof(struct guarantee), ARRAY_LEN(fields_guarantee), ARRAY_LEN(elements_guarantee), 0x0, 0x0, fields_guarantee, elements_guarantee
};

static const struct dict_field fields_declaration[] = {
	{.name = "accepted_time", .length = 13, .kind = DICT_DATETIME, .size = 35, 
	 .offset = offsetof(struct declaration, accepted_time), .wco_id = "023", .wco_ids = "", .code_list = "",
	 .title = "When it was accepted, as the sender says"},
	{.name = "function", .length = 8, .kind = DICT_CODE, .required = true, .size = 2, 
	 .offset = offsetof(struct declaration, function), .wco_id = "017", .wco_ids = "", .code_list = "function",
	 .title = "What the message does: 9 a new declaration, 13 a request about one"},
	{.name = "trader_reference", .length = 16, .kind = DICT_ID, .size = 35, 
	 .offset = offsetof(struct declaration, trader_reference), .wco_id = "D026", .wco_ids = "", .code_list = "",
	 .title = "Sender's own reference"},
	{.name = "movement_reference", .length = 18, .kind = DICT_ID, .size = 70, 
	 .offset = offsetof(struct declaration, movement_reference), .wco_id = "D014", .wco_ids = "", .code_list = "",
	 .title = "Movement reference number, when it speaks of a known case"},
	{.name = "issue_time", .length = 10, .kind = DICT_DATETIME, .size = 35, 
	 .offset = offsetof(struct declaration, issue_time), .wco_id = "D011", .wco_ids = "", .code_list = "",
	 .title = "When it was issued"},
	{.name = "issue_place", .length = 11, .kind = DICT_CODE, .size = 5, 
	 .offset = offsetof(struct declaration, issue_place), .wco_id = "D012", .wco_ids = "", .code_list = "",
	 .title = "Where it was issued"},
	{.name = "type", .length = 4, .kind = DICT_CODE, .size = 3, 
	 .offset = offsetof(struct declaration, type), .wco_id = "D013", .wco_ids = "", .code_list = "declaration_type",
	 .title = "Direction and kind: IMA, EXD, COR ..."},
	{.name = "item_count", .length = 10, .kind = DICT_NUMBER, .size = 5, .scale = 0, 
	 .offset = offsetof(struct declaration, item_count), .wco_id = "228", .wco_ids = "", .code_list = "",
	 .title = "Number of goods items"},
	{.name = "office", .length = 6, .kind = DICT_CODE, .size = 17, 
	 .offset = offsetof(struct declaration, office), .wco_id = "065", .wco_ids = "", .code_list = "office",
	 .title = "Office where it is lodged"},
	{.name = "invoice_total", .length = 13, .kind = DICT_AMOUNT, .size = 16, .scale = 3, 
	 .offset = offsetof(struct declaration, invoice_total), .wco_id = "109", .wco_ids = "", .code_list = "currency",
	 .title = "Total of the invoices"},
	{.name = "loading_lists", .length = 13, .kind = DICT_NUMBER, .size = 5, .scale = 0, 
	 .offset = offsetof(struct declaration, loading_lists), .wco_id = "013", .wco_ids = "", .code_list = "",
	 .title = "Number of loading lists"},
	{.name = "gross_mass", .length = 10, .kind = DICT_QUANTITY, .size = 16, .scale = 6, 
	 .offset = offsetof(struct declaration, gross_mass), .wco_id = "131", .wco_ids = "", .code_list = "",
	 .title = "Total mass with packing, kilograms"},
	{.name = "package_count", .length = 13, .kind = DICT_NUMBER, .size = 8, .scale = 0, 
	 .offset = offsetof(struct declaration, package_count), .wco_id = "146", .wco_ids = "", .code_list = "",
	 .title = "Total number of packages"},
	{.name = "circumstance", .length = 12, .kind = DICT_CODE, .size = 3, 
	 .offset = offsetof(struct declaration, circumstance), .wco_id = "504", .wco_ids = "", .code_list = "",
	 .title = "Special circumstance"},
	{.name = "authentication", .length = 14, .kind = DICT_TEXT, .size = 256, 
	 .offset = offsetof(struct declaration, authentication), .wco_id = "104", .wco_ids = "", .code_list = "",
	 .title = "Proof of who issued it"},
	{.name = "authenticator", .length = 13, .kind = DICT_TEXT, .size = 70, 
	 .offset = offsetof(struct declaration, authenticator), .wco_id = "R007", .wco_ids = "", .code_list = "",
	 .title = "Who issued it"},
	{.name = "submitter", .length = 9, .kind = DICT_CLASS, 
	 .offset = offsetof(struct declaration, submitter), .of = &dict_party, .wco_id = "17B", .wco_ids = "name:R058:id:R059", .code_list = "",
	 .title = "Who sends the message"},
	{.name = "documents", .length = 9, .kind = DICT_CLASS, .list = true, .max = 99, 
	 .offset = offsetof(struct declaration, documents), .of = &dict_document, .wco_id = "02A", .wco_ids = "", .code_list = "",
	 .title = "Documents for the whole declaration"},
	{.name = "statements", .length = 10, .kind = DICT_CLASS, .list = true, .max = 99, 
	 .offset = offsetof(struct declaration, statements), .of = &dict_statement, .wco_id = "03A", .wco_ids = "", .code_list = "",
	 .title = "Remarks"},
	{.name = "agent", .length = 5, .kind = DICT_CLASS, 
	 .offset = offsetof(struct declaration, agent), .of = &dict_agent, .wco_id = "05A", .wco_ids = "", .code_list = "",
	 .title = "Representative"},
	{.name = "amendments", .length = 10, .kind = DICT_CLASS, .list = true, .max = 99, 
	 .offset = offsetof(struct declaration, amendments), .of = &dict_amendment, .wco_id = "06A", .wco_ids = "", .code_list = "",
	 .title = "What is to change"},
	{.name = "authorisations", .length = 14, .kind = DICT_CLASS, .list = true, .max = 99, 
	 .offset = offsetof(struct declaration, authorisations), .of = &dict_authorisation, .wco_id = "17C", .wco_ids = "", .code_list = "",
	 .title = "Authorisations relied on"},
	{.name = "border_transport", .length = 16, .kind = DICT_CLASS, 
	 .offset = offsetof(struct declaration, border_transport), .of = &dict_transport_means, .wco_id = "15A", .wco_ids = "name:T005:id:T006:id_type:T018:type:T010:mode:T022", .code_list = "",
	 .title = "Means of transport that crosses the border"},
	{.name = "carriage", .length = 8, .kind = DICT_CLASS, 
	 .offset = offsetof(struct declaration, carriage), .of = &dict_carriage, .wco_id = "28A", .wco_ids = "", .code_list = "",
	 .title = "Consignment, as the carrier knows it"},
	{.name = "exchange_rates", .length = 14, .kind = DICT_CLASS, .list = true, .max = 99, 
	 .offset = offsetof(struct declaration, exchange_rates), .of = &dict_exchange_rate, .wco_id = "40A", .wco_ids = "", .code_list = "",
	 .title = "Rates of exchange used"},
	{.name = "declarant", .length = 9, .kind = DICT_CLASS, 
	 .offset = offsetof(struct declaration, declarant), .of = &dict_party, .wco_id = "57B", .wco_ids = "name:R124:id:R123", .code_list = "",
	 .title = "Who declares"},
	{.name = "exit_office", .length = 11, .kind = DICT_CODE, .size = 17, 
	 .offset = offsetof(struct declaration, exit_office), .wco_id = "G005", .wco_ids = "", .code_list = "office",
	 .title = "Office where the goods leave"},
	{.name = "exporter", .length = 8, .kind = DICT_CLASS, 
	 .offset = offsetof(struct declaration, exporter), .of = &dict_party, .wco_id = "57A", .wco_ids = "name:R031:id:R032", .code_list = "",
	 .title = "Who sends the goods out"},
	{.name = "shipment", .length = 8, .kind = DICT_CLASS, 
	 .offset = offsetof(struct declaration, shipment), .of = &dict_shipment, .wco_id = "67A", .wco_ids = "", .code_list = "",
	 .title = "The goods and the trade behind them"},
	{.name = "guarantees", .length = 10, .kind = DICT_CLASS, .list = true, .max = 99, 
	 .offset = offsetof(struct declaration, guarantees), .of = &dict_guarantee, .wco_id = "90A", .wco_ids = "", .code_list = "",
	 .title = "Guarantees"},
	{.name = "presentation_office", .length = 19, .kind = DICT_CODE, .size = 17, 
	 .offset = offsetof(struct declaration, presentation_office), .wco_id = "G015", .wco_ids = "", .code_list = "office",
	 .title = "Office where the goods are presented"},
	{.name = "supervising_office", .length = 18, .kind = DICT_CODE, .size = 17, 
	 .offset = offsetof(struct declaration, supervising_office), .wco_id = "G012", .wco_ids = "", .code_list = "office",
	 .title = "Office that supervises the procedure"},
};
static const struct dict_element elements_declaration_Authentication_Authenticator[] = {
	{"Name", 4, "", &fields_declaration[15], NULL, 0},
};
static const struct dict_element elements_declaration_Authentication[] = {
	{"Authentication", 14, "", &fields_declaration[14], NULL, 0},
	{"Authenticator", 13, "12A", NULL, elements_declaration_Authentication_Authenticator, ARRAY_LEN(elements_declaration_Authentication_Authenticator)},
};
static const struct dict_element elements_declaration_ExitOffice[] = {
	{"ID", 2, "", &fields_declaration[26], NULL, 0},
};
static const struct dict_element elements_declaration_PresentationOffice[] = {
	{"ID", 2, "", &fields_declaration[30], NULL, 0},
};
static const struct dict_element elements_declaration_SupervisingOffice[] = {
	{"ID", 2, "", &fields_declaration[31], NULL, 0},
};
static const struct dict_element elements_declaration[] = {
	{"AcceptanceDateTime", 18, "", &fields_declaration[0], NULL, 0},
	{"FunctionCode", 12, "", &fields_declaration[1], NULL, 0},
	{"FunctionalReferenceID", 21, "", &fields_declaration[2], NULL, 0},
	{"ID", 2, "", &fields_declaration[3], NULL, 0},
	{"IssueDateTime", 13, "", &fields_declaration[4], NULL, 0},
	{"IssueLocationID", 15, "", &fields_declaration[5], NULL, 0},
	{"TypeCode", 8, "", &fields_declaration[6], NULL, 0},
	{"GoodsItemQuantity", 17, "", &fields_declaration[7], NULL, 0},
	{"DeclarationOfficeID", 19, "", &fields_declaration[8], NULL, 0},
	{"InvoiceAmount", 13, "", &fields_declaration[9], NULL, 0},
	{"LoadingListQuantity", 19, "", &fields_declaration[10], NULL, 0},
	{"TotalGrossMassMeasure", 21, "", &fields_declaration[11], NULL, 0},
	{"TotalPackageQuantity", 20, "", &fields_declaration[12], NULL, 0},
	{"SpecificCircumstancesCodeCode", 29, "", &fields_declaration[13], NULL, 0},
	{"Authentication", 14, "61B", NULL, elements_declaration_Authentication, ARRAY_LEN(elements_declaration_Authentication)},
	{"Submitter", 9, "", &fields_declaration[16], NULL, 0},
	{"AdditionalDocument", 18, "", &fields_declaration[17], NULL, 0},
	{"AdditionalInformation", 21, "", &fields_declaration[18], NULL, 0},
	{"Agent", 5, "", &fields_declaration[19], NULL, 0},
	{"Amendment", 9, "", &fields_declaration[20], NULL, 0},
	{"AuthorisationHolder", 19, "", &fields_declaration[21], NULL, 0},
	{"BorderTransportMeans", 20, "", &fields_declaration[22], NULL, 0},
	{"Consignment", 11, "", &fields_declaration[23], NULL, 0},
	{"CurrencyExchange", 16, "", &fields_declaration[24], NULL, 0},
	{"Declarant", 9, "", &fields_declaration[25], NULL, 0},
	{"ExitOffice", 10, "56A", NULL, elements_declaration_ExitOffice, ARRAY_LEN(elements_declaration_ExitOffice)},
	{"Exporter", 8, "", &fields_declaration[27], NULL, 0},
	{"GoodsShipment", 13, "", &fields_declaration[28], NULL, 0},
	{"ObligationGuarantee", 19, "", &fields_declaration[29], NULL, 0},
	{"PresentationOffice", 18, "15C", NULL, elements_declaration_PresentationOffice, ARRAY_LEN(elements_declaration_PresentationOffice)},
	{"SupervisingOffice", 17, "97B", NULL, elements_declaration_SupervisingOffice, ARRAY_LEN(elements_declaration_SupervisingOffice)},
};
const struct dict_class dict_declaration = {
	"declaration", "42A", "A declaration to customs",
	sizeof(struct declaration), ARRAY_LEN(fields_declaration), ARRAY_LEN(elements_declaration), 0x2, 0x3bff0000, fields_declaration, elements_declaration
};
