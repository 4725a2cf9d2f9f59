/* Made by tools/mkdict.c from src/dict/cargo.dict: change that, then run script/generate. */
#ifndef CUSTOMHOUSE_DICT_CARGO_GEN_H
#define CUSTOMHOUSE_DICT_CARGO_GEN_H

// clang-format off

/* Place on the route of a conveyance */
struct port_call {
	struct dict_head head;
	struct decimal sequence; /* Order on the route */
	struct span place; /* Place, UN/LOCODE */
	struct span name; /* Place by its name */
	struct span country; /* Country */
	struct datetime arrival_time; /* When it arrives there, or did */
	struct datetime departure_time; /* When it leaves, or did */
};

/* Voyage, flight or trip of one means of transport */
struct conveyance {
	struct dict_head head;
	struct span journey; /* Number of the voyage, flight or trip */
	struct transport_means means; /* Means of transport */
	struct party carrier; /* Who carries */
	struct span master_name; /* Who is in command */
	struct span departure_place; /* Last place before the country */
	struct datetime departure_time; /* When it left there */
	struct span arrival_place; /* First place in the country */
	struct datetime arrival_time; /* When it is expected there, or arrived */
	struct span arrived; /* 1 when it has arrived, 0 or nothing when it is expected */
	DICT_LIST(struct port_call) itinerary; /* Places on the route */
	struct decimal crew; /* How many in the crew */
	struct decimal passengers; /* How many passengers */
	struct decimal gross_tonnage; /* Gross tonnage of a vessel */
	struct decimal net_tonnage; /* Net tonnage of a vessel */
};

/* Container or other transport equipment aboard */
struct equipment {
	struct dict_head head;
	struct decimal sequence; /* Order */
	struct span id; /* Number, ISO 6346 for freight containers */
	struct span kind; /* Kind of equipment: CN a container */
	struct span size_type; /* Size and type, ISO 6346 */
	struct span fullness; /* Full or empty: codes of UN/EDIFACT 8169 */
	struct span supplier; /* Who provides it, coded */
	struct quantity tare; /* Mass of the equipment itself */
	struct quantity gross_mass; /* Mass with goods */
	DICT_LIST(struct seal) seals; /* Seals */
};

/* Part of an item in one container */
struct stowage {
	struct dict_head head;
	struct span equipment; /* Number of the container */
	struct decimal packages; /* How many packages of the item are in it */
	struct quantity gross_mass; /* Their mass with packing */
};

/* Goods of one kind under a bill */
struct bill_item {
	struct dict_head head;
	struct decimal sequence; /* Number of the item, from 1 */
	struct span description; /* Plain description */
	struct span commodity; /* Code in the Harmonised System or the tariff */
	DICT_LIST(struct package) packages; /* Packages */
	struct quantity gross_mass; /* Mass with packing */
	struct quantity net_mass; /* Mass without packing */
	struct quantity volume; /* Volume */
	DICT_LIST(struct span) dangerous; /* United Nations number of dangerous goods */
	DICT_LIST(struct stowage) stowages; /* Containers that hold it */
};

/* Consignment under one bill of lading or air waybill */
struct bill {
	struct dict_head head;
	struct decimal sequence; /* Order in the report */
	struct span id; /* Number of the bill */
	struct span type; /* Kind: codes of UN/EDIFACT 1001, such as 705 a bill of lading, 740 an air waybill */
	struct span master; /* Number of the master bill, for a house bill */
	struct span movement; /* What becomes of the goods here: codes of UN/EDIFACT 8335 or our own: import, transit, tranship */
	struct party consignor; /* Who sends */
	struct party consignee; /* Who receives */
	struct party notify; /* Who is told of the arrival */
	struct party forwarder; /* Who forwards */
	struct span freight_payment; /* How freight is paid */
	struct span origin; /* Place where the carrier took the goods over */
	struct span loading; /* Place of loading */
	struct span unloading; /* Place of unloading */
	struct span delivery; /* Place of delivery */
	struct location location; /* Where the goods lie */
	struct decimal package_count; /* Total number of packages */
	struct quantity gross_mass; /* Total mass with packing */
	struct quantity volume; /* Total volume */
	struct span ucr; /* Unique consignment reference */
	DICT_LIST(struct previous_document) previous; /* Documents of the operation before */
	DICT_LIST(struct statement) statements; /* Remarks */
	DICT_LIST(struct bill_item) items; /* Items */
};

/* What a carrier reports of a conveyance and its cargo */
struct cargo_report {
	struct dict_head head;
	struct span function; /* What the message does: 9 a new report, 5 instead of one, 1 withdraws one */
	struct span reference; /* Sender's own reference */
	struct span type; /* Kind: codes of UN/EDIFACT 1001, such as 785 a manifest, 833 house bills */
	struct datetime issue_time; /* When it was issued */
	struct span office; /* Office where it is lodged */
	struct party sender; /* Who reports */
	struct party agent; /* Agent of the carrier */
	struct conveyance conveyance; /* Conveyance */
	DICT_LIST(struct equipment) equipment; /* Containers aboard */
	DICT_LIST(struct bill) bills; /* Bills of lading or air waybills */
	DICT_LIST(struct statement) statements; /* Remarks */
};

extern const struct dict_class dict_port_call;
extern const struct dict_class dict_conveyance;
extern const struct dict_class dict_equipment;
extern const struct dict_class dict_stowage;
extern const struct dict_class dict_bill_item;
extern const struct dict_class dict_bill;
extern const struct dict_class dict_cargo_report;

#endif
