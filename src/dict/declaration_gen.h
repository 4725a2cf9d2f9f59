/* Made by tools/mkdict.c from src/dict/declaration.dict: change that, then run script/generate. */
#ifndef CUSTOMHOUSE_DICT_DECLARATION_GEN_H
#define CUSTOMHOUSE_DICT_DECLARATION_GEN_H

// clang-format off

/* Technical header around a declaration */
struct envelope {
	struct dict_head head;
	struct span model_version; /* Version of the data model that the sender used */
	struct span document_type; /* Kind of document in the envelope: DEC for a declaration */
	struct span country; /* Country whose rules apply */
	struct span agency; /* Agency that receives the message */
	struct span customization; /* Version of the agency's own subset of the model */
};

/* Postal address */
struct address {
	struct dict_head head;
	struct span type; /* Kind of address or identification */
	struct span city; /* Town */
	struct span country; /* Country */
	struct span subdivision; /* Region, coded */
	struct span subdivision_name; /* Region */
	struct span line; /* Street and number, or post box */
	struct span postcode; /* Postal code */
};

/* Way to reach somebody */
struct communication {
	struct dict_head head;
	struct span id; /* Number or address */
	struct span type; /* Kind of channel */
};

/* Person or company with a role */
struct party {
	struct dict_head head;
	struct span name; /* Name */
	struct span id; /* Registration number at customs */
	struct span role; /* Role, coded */
	struct address address; /* Where it is */
	struct span contact; /* Person to ask */
	struct communication communication; /* How to reach it */
};

/* Representative of the declarant */
struct agent {
	struct dict_head head;
	struct span name; /* Name */
	struct span id; /* Registration number at customs */
	struct span status; /* Kind of representation: direct or indirect */
	struct address address; /* Where it is */
};

/* Registered party with a coded role */
struct role_party {
	struct dict_head head;
	struct span id; /* Registration number */
	struct span role; /* Role, coded */
};

/* Authorisation that the declarant relies on */
struct authorisation {
	struct dict_head head;
	struct span holder; /* Who holds it */
	struct span type; /* Kind of authorisation */
};

/* Step of a path to a place in the declaration */
struct pointer {
	struct dict_head head;
	struct decimal sequence; /* Which one of several, from 1 */
	struct span section; /* Class, by its number in the data model */
	struct span tag; /* Data element, by its number in the data model */
};

/* Use of a licence or certificate */
struct write_off {
	struct dict_head head;
	struct quantity quantity; /* Quantity used */
	struct amount amount; /* Amount used */
};

/* Supporting document, certificate, licence or authorisation */
struct document {
	struct dict_head head;
	struct span category; /* First part of the document code */
	struct datetime effective; /* Day on which it takes effect */
	struct span id; /* Number of the document */
	struct span name; /* Reason or title */
	struct span type; /* Second part of the document code */
	struct span status; /* Availability or exemption */
	struct party issuer; /* Authority that issued it */
	struct write_off write_off; /* What this declaration uses of it */
};

/* Remark in coded or plain form */
struct statement {
	struct dict_head head;
	struct span code; /* Coded remark */
	struct span text; /* Remark */
	struct span type; /* Kind of remark */
	DICT_LIST(struct pointer) pointers; /* What the remark is about */
};

/* Change to a declaration that was lodged before */
struct amendment {
	struct dict_head head;
	struct span reason; /* Why */
	DICT_LIST(struct pointer) pointers; /* Path to the place that changes */
};

/* Vessel, aircraft, vehicle or train */
struct transport_means {
	struct dict_head head;
	struct span name; /* Name */
	struct span id; /* Identity, such as a ship's or flight number */
	struct span id_type; /* What kind of identity it is */
	struct span type; /* Kind of means of transport */
	struct span nationality; /* Country of registration */
	struct span mode; /* Mode of transport */
};

/* Country on the route */
struct leg {
	struct dict_head head;
	struct decimal sequence; /* Order on the route */
	struct span country; /* Country */
};

/* Consignment item, as the carrier knows it */
struct carried_item {
	struct dict_head head;
	struct decimal sequence; /* Number of the item */
	struct party consignor; /* Who sends it */
	struct span freight_payment; /* How freight is paid */
};

/* Consignment, as the carrier knows it */
struct carriage {
	struct dict_head head;
	struct party carrier; /* Who carries */
	DICT_LIST(struct carried_item) items; /* Items */
	struct party consignor; /* Who sends */
	struct span freight_payment; /* How freight is paid */
	DICT_LIST(struct leg) itinerary; /* Countries on the route */
};

/* Rate of exchange that the declarant used */
struct exchange_rate {
	struct dict_head head;
	struct span currency; /* Foreign currency */
	struct decimal rate; /* Rate */
};

/* Seal on a container */
struct seal {
	struct dict_head head;
	struct decimal sequence; /* Order */
	struct span id; /* Number on the seal */
};

/* Container or other transport equipment */
struct container {
	struct dict_head head;
	struct decimal sequence; /* Order */
	struct span id; /* Number, ISO 6346 for freight containers */
	DICT_LIST(struct seal) seals; /* Seals */
};

/* Place where the goods are, or were loaded */
struct location {
	struct dict_head head;
	struct span name; /* Name or additional identifier */
	struct span id; /* Code */
	struct span type; /* Kind of place */
	struct address address; /* Address */
};

/* How the goods travel */
struct consignment {
	struct dict_head head;
	struct span containerised; /* Whether goods are in containers: 1 or 0 */
	struct transport_means arrival; /* Means of transport on arrival */
	struct transport_means departure; /* Means of transport on departure */
	struct location location; /* Where the goods can be examined */
	struct location loading; /* Where they were loaded */
	DICT_LIST(struct container) containers; /* Containers */
};

/* Addition to or deduction from the price */
struct charge {
	struct dict_head head;
	struct span type; /* What it is for */
	struct amount amount; /* How much */
};

/* Code of the goods in one nomenclature */
struct classification {
	struct dict_head head;
	struct span id; /* Code */
	struct span type; /* Which nomenclature or part of the code */
};

/* Duty, tax or fee as the declarant claims it */
struct duty_line {
	struct dict_head head;
	struct amount base; /* Base by value */
	struct amount deduction; /* Deducted */
	struct span preference; /* Preference or suspension claimed */
	struct quantity quantity; /* Base by quantity */
	struct span rate; /* Rate */
	struct span type; /* Which levy */
	struct span quota; /* Quota that is claimed */
	struct span payment_method; /* How it will be paid */
	struct amount assessed; /* Amount as the declarant computes it */
	struct amount payable; /* Amount to be paid */
};

/* What the goods are */
struct commodity {
	struct dict_head head;
	struct span description; /* Plain description */
	DICT_LIST(struct classification) classifications; /* Codes */
	DICT_LIST(struct span) dangerous; /* United Nations number of dangerous goods */
	DICT_LIST(struct duty_line) duties; /* Duties and taxes claimed */
	struct quantity gross_mass; /* Mass with packing, kilograms */
	struct quantity net_mass; /* Mass without packing, kilograms */
	struct quantity tariff_quantity; /* Quantity in the tariff's supplementary unit */
	struct amount price; /* Price of the item on the invoice */
	DICT_LIST(struct container) containers; /* Containers that hold the item */
};

/* Customs procedure */
struct procedure {
	struct dict_head head;
	struct span requested; /* Procedure requested, or an additional procedure */
	struct span previous; /* Procedure that the goods were under before */
};

/* Origin of the goods */
struct origin {
	struct dict_head head;
	struct span country; /* Country or group of countries */
	struct span region; /* Region */
	struct span type; /* Kind: non-preferential or preferential */
};

/* Packages of one kind */
struct package {
	struct dict_head head;
	struct decimal sequence; /* Order */
	struct span marks; /* Marks and numbers */
	struct decimal count; /* How many */
	struct span type; /* Kind */
	struct span material; /* Material */
	struct quantity length; /* Length */
	struct quantity width; /* Width */
	struct quantity height; /* Height */
	struct quantity volume; /* Volume */
};

/* Document of the operation before */
struct previous_document {
	struct dict_head head;
	struct span category; /* First part of the document code */
	struct span id; /* Number */
	struct span type; /* Second part of the document code */
	struct decimal line; /* Item in that document */
};

/* Reference that follows the consignment */
struct consignment_reference {
	struct dict_head head;
	struct span id; /* Unique consignment reference */
	struct span trader; /* Trader's own reference */
};

/* Goods of one kind in the declaration */
struct goods_item {
	struct dict_head head;
	struct amount customs_value; /* Customs value as declared */
	struct decimal sequence; /* Number of the item, from 1 */
	struct amount statistical_value; /* Value for trade statistics */
	struct span transaction; /* Nature of the transaction */
	DICT_LIST(struct document) documents; /* Documents for the item */
	DICT_LIST(struct statement) statements; /* Remarks */
	DICT_LIST(struct role_party) aeo; /* Authorised operators in the supply chain */
	struct party buyer; /* Who buys */
	struct commodity commodity; /* What it is */
	struct party consignee; /* Who receives */
	struct party consignor; /* Who sends */
	struct span valuation_method; /* Method of valuation, 1 to 6 */
	DICT_LIST(struct charge) charges; /* Additions and deductions */
	struct span destination; /* Country of destination */
	struct span destination_region; /* Region of destination */
	DICT_LIST(struct role_party) tax_parties; /* Parties for domestic taxes */
	struct span export_country; /* Country from which it was sent */
	DICT_LIST(struct procedure) procedures; /* Procedures: the first is the main one */
	DICT_LIST(struct origin) origins; /* Origins */
	DICT_LIST(struct package) packages; /* Packages */
	DICT_LIST(struct previous_document) previous; /* Documents of the operation before */
	struct party seller; /* Who sells */
	struct consignment_reference ucr; /* Consignment reference */
	struct span valuation_indicators; /* Four signs, 0 or 1, about the sale */
};

/* Terms of delivery */
struct trade_terms {
	struct dict_head head;
	struct span code; /* Incoterm */
	struct span relationship; /* Where the place lies */
	struct span text; /* Terms in words */
	struct span place; /* Place, coded */
	struct span place_name; /* Place */
};

/* Customs warehouse */
struct warehouse {
	struct dict_head head;
	struct span id; /* Number */
	struct span type; /* Kind */
};

/* The goods and the trade behind them */
struct shipment {
	struct dict_head head;
	struct datetime exit_time; /* When the goods left */
	struct span transaction; /* Nature of the transaction */
	DICT_LIST(struct role_party) aeo; /* Authorised operators in the supply chain */
	struct party buyer; /* Who buys */
	struct party consignee; /* Who receives */
	struct consignment consignment; /* How the goods travel */
	struct party consignor; /* Who sends */
	struct amount freight; /* Freight for the whole shipment */
	DICT_LIST(struct charge) charges; /* Additions and deductions for the whole shipment */
	struct span destination; /* Country of destination */
	struct span destination_region; /* Region of destination */
	DICT_LIST(struct role_party) tax_parties; /* Parties for domestic taxes */
	struct span export_country; /* Country from which the goods were sent */
	DICT_LIST(struct goods_item) items; /* Goods items */
	struct party importer; /* Who brings the goods in */
	struct span invoice; /* Number of the invoice */
	struct datetime invoice_time; /* Day of the invoice */
	struct party payer; /* Who pays the duties */
	DICT_LIST(struct previous_document) previous; /* Documents of the operation before */
	struct party seller; /* Who sells */
	struct party surety; /* Who guarantees */
	struct trade_terms terms; /* Terms of delivery */
	struct consignment_reference ucr; /* Consignment reference */
	struct warehouse warehouse; /* Customs warehouse */
};

/* Guarantee for a debt */
struct guarantee {
	struct dict_head head;
	struct amount amount; /* Amount */
	struct span id; /* Reference number of the guarantee */
	struct span reference; /* Other reference */
	struct span type; /* Kind */
	struct span access_code; /* Secret of its holder */
	struct span office; /* Office that holds it */
};

/* A declaration to customs */
struct declaration {
	struct dict_head head;
	struct datetime accepted_time; /* When it was accepted, as the sender says */
	struct span function; /* What the message does: 9 a new declaration, 13 a request about one */
	struct span trader_reference; /* Sender's own reference */
	struct span movement_reference; /* Movement reference number, when it speaks of a known case */
	struct datetime issue_time; /* When it was issued */
	struct span issue_place; /* Where it was issued */
	struct span type; /* Direction and kind: IMA, EXD, COR ... */
	struct decimal item_count; /* Number of goods items */
	struct span office; /* Office where it is lodged */
	struct amount invoice_total; /* Total of the invoices */
	struct decimal loading_lists; /* Number of loading lists */
	struct quantity gross_mass; /* Total mass with packing, kilograms */
	struct decimal package_count; /* Total number of packages */
	struct span circumstance; /* Special circumstance */
	struct span authentication; /* Proof of who issued it */
	struct span authenticator; /* Who issued it */
	struct party submitter; /* Who sends the message */
	DICT_LIST(struct document) documents; /* Documents for the whole declaration */
	DICT_LIST(struct statement) statements; /* Remarks */
	struct agent agent; /* Representative */
	DICT_LIST(struct amendment) amendments; /* What is to change */
	DICT_LIST(struct authorisation) authorisations; /* Authorisations relied on */
	struct transport_means border_transport; /* Means of transport that crosses the border */
	struct carriage carriage; /* Consignment, as the carrier knows it */
	DICT_LIST(struct exchange_rate) exchange_rates; /* Rates of exchange used */
	struct party declarant; /* Who declares */
	struct span exit_office; /* Office where the goods leave */
	struct party exporter; /* Who sends the goods out */
	struct shipment shipment; /* The goods and the trade behind them */
	DICT_LIST(struct guarantee) guarantees; /* Guarantees */
	struct span presentation_office; /* Office where the goods are presented */
	struct span supervising_office; /* Office that supervises the procedure */
};

extern const struct dict_class dict_envelope;
extern const struct dict_class dict_address;
extern const struct dict_class dict_communication;
extern const struct dict_class dict_party;
extern const struct dict_class dict_agent;
extern const struct dict_class dict_role_party;
extern const struct dict_class dict_authorisation;
extern const struct dict_class dict_pointer;
extern const struct dict_class dict_write_off;
extern const struct dict_class dict_document;
extern const struct dict_class dict_statement;
extern const struct dict_class dict_amendment;
extern const struct dict_class dict_transport_means;
extern const struct dict_class dict_leg;
extern const struct dict_class dict_carried_item;
extern const struct dict_class dict_carriage;
extern const struct dict_class dict_exchange_rate;
extern const struct dict_class dict_seal;
extern const struct dict_class dict_container;
extern const struct dict_class dict_location;
extern const struct dict_class dict_consignment;
extern const struct dict_class dict_charge;
extern const struct dict_class dict_classification;
extern const struct dict_class dict_duty_line;
extern const struct dict_class dict_commodity;
extern const struct dict_class dict_procedure;
extern const struct dict_class dict_origin;
extern const struct dict_class dict_package;
extern const struct dict_class dict_previous_document;
extern const struct dict_class dict_consignment_reference;
extern const struct dict_class dict_goods_item;
extern const struct dict_class dict_trade_terms;
extern const struct dict_class dict_warehouse;
extern const struct dict_class dict_shipment;
extern const struct dict_class dict_guarantee;
extern const struct dict_class dict_declaration;

#endif
