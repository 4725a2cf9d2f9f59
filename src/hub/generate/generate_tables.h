/* What the synthetic trade stream knows of the world's trade: which goods move, what they cost and weigh, where they come from,
 * who moves them. Magnitudes only, in round figures of our own; no tariff and no country of a pack is in here. Included by
 * generate.c alone. */
#ifndef CUSTOMHOUSE_HUB_GENERATE_GENERATE_TABLES_H
#define CUSTOMHOUSE_HUB_GENERATE_GENERATE_TABLES_H

#include <stdint.h>

// clang-format off

/* Goods by chapter of the Harmonized System. weight: of a thousand items, about how many. price: US cents a kilogram. mass:
 * kilograms of one item. grams: of one piece, where the tariff counts pieces or pairs. package: code of UN Recommendation 21,
 * and kilograms in one. */
struct trade_chapter {
	uint8_t chapter;
	uint16_t weight;
	uint32_t price_low, price_high, mass_low, mass_high, grams;
	const char *package;
	uint32_t package_kg;
	const char *origins;
};

static const struct trade_chapter trade_chapters[] = {
	{1, 3, 250, 900, 400, 9000, 300000, "CG", 250, "FR DE ZA BR GB"},
	{2, 10, 300, 900, 4000, 24000, 0, "CT", 20, "BR NZ AR DE IE"},
	{3, 10, 350, 1600, 1000, 22000, 0, "CT", 10, "NO VN CL IN TH"},
	{4, 12, 200, 900, 1000, 20000, 1000, "CT", 12, "FR NZ DE NL IE"},
	{5, 1, 200, 1500, 100, 4000, 0, "CT", 15, "CN IN BR"},
	{6, 4, 200, 1200, 80, 5000, 300, "CT", 8, "NL KE EC CO"},
	{7, 12, 60, 300, 2000, 24000, 0, "CT", 12, "ES NL MA EG CN"},
	{8, 14, 80, 500, 2000, 22000, 0, "CT", 15, "EC ZA CR CL TR ES"},
	{9, 9, 250, 1200, 500, 19000, 0, "BG", 60, "BR VN KE LK IN CO"},
	{10, 6, 20, 90, 10000, 26000, 0, "BG", 50, "TH IN US AR PK"},
	{11, 4, 40, 120, 5000, 25000, 0, "BG", 25, "FR DE TR BE"},
	{12, 4, 60, 400, 1000, 24000, 0, "BG", 25, "BR US CN IN"},
	{13, 1, 500, 3000, 50, 2000, 0, "CT", 20, "IN CN SD"},
	{14, 1, 50, 300, 500, 8000, 0, "BL", 40, "VN CN ID"},
	{15, 10, 90, 600, 2000, 22000, 0, "DR", 180, "ID MY ES IT TR"},
	{16, 9, 300, 900, 1000, 18000, 0, "CT", 10, "TH ES EC DK"},
	{17, 8, 50, 400, 1000, 24000, 0, "BG", 50, "BR TH FR MX"},
	{18, 7, 300, 1100, 500, 16000, 0, "CT", 8, "BE CI CH NL DE"},
	{19, 14, 150, 600, 500, 16000, 0, "CT", 8, "IT DE FR TR"},
	{20, 12, 90, 400, 1000, 20000, 0, "CT", 12, "ES CN TR GR TH"},
	{21, 14, 250, 1500, 300, 16000, 0, "CT", 10, "US DE NL TH CN"},
	{22, 16, 100, 900, 1000, 20000, 0, "CT", 12, "FR IT ES ZA GB CL"},
	{23, 8, 30, 150, 5000, 26000, 0, "BG", 25, "AR NL FR US"},
	{24, 2, 900, 4000, 200, 9000, 0, "CT", 12, "DE CH ID PL"},
	{25, 8, 5, 40, 10000, 27000, 0, "BG", 50, "TR EG VN ES"},
	{26, 1, 20, 200, 10000, 27000, 0, "BG", 1000, "ZA AU BR"},
	{27, 10, 40, 160, 5000, 30000, 0, "DR", 180, "SA AE NL KW US"},
	{28, 7, 60, 500, 500, 22000, 0, "DR", 200, "CN DE US IN"},
	{29, 8, 150, 3000, 200, 18000, 0, "DR", 200, "CN IN DE US CH"},
	{30, 22, 3000, 30000, 30, 3000, 0, "CT", 6, "CH DE IN US FR"},
	{31, 4, 25, 90, 10000, 27000, 0, "BG", 50, "MA EG CN NL"},
	{32, 12, 200, 900, 300, 16000, 0, "CX", 20, "DE CN NL IT"},
	{33, 22, 600, 6000, 100, 9000, 0, "CT", 9, "FR US GB PL KR"},
	{34, 14, 120, 500, 500, 18000, 0, "CT", 14, "DE TR IT CN"},
	{35, 5, 200, 900, 200, 14000, 0, "BG", 25, "DE NL CN"},
	{36, 1, 300, 1500, 100, 5000, 0, "CT", 15, "CN IN SE"},
	{37, 2, 800, 4000, 50, 3000, 0, "CT", 10, "JP DE BE"},
	{38, 14, 200, 1200, 300, 20000, 0, "CX", 25, "US DE CN BE"},
	{39, 48, 150, 800, 300, 18000, 150, "CT", 12, "CN DE IT KR TR"},
	{40, 20, 250, 800, 300, 16000, 9000, "PX", 300, "CN TH JP DE FR"},
	{41, 2, 400, 2500, 200, 8000, 0, "PX", 400, "IT BR IN"},
	{42, 12, 600, 6000, 80, 6000, 900, "CT", 10, "CN IT VN FR IN"},
	{43, 1, 3000, 20000, 20, 800, 1500, "CT", 8, "IT CN DK"},
	{44, 18, 50, 300, 3000, 24000, 0, "BE", 1200, "SE BR ID MY CN"},
	{45, 1, 300, 1500, 100, 5000, 0, "BL", 60, "PT ES"},
	{46, 2, 200, 900, 100, 5000, 0, "CT", 9, "CN VN ID"},
	{47, 2, 40, 90, 10000, 26000, 0, "BL", 250, "BR SE CL US"},
	{48, 26, 80, 350, 1000, 22000, 0, "PX", 500, "DE SE CN IT FI"},
	{49, 14, 400, 2500, 50, 6000, 0, "CT", 15, "GB US CN DE IT"},
	{50, 1, 2500, 9000, 20, 1500, 0, "CT", 20, "CN IN IT"},
	{51, 2, 800, 3500, 50, 5000, 0, "BL", 100, "IT CN GB"},
	{52, 9, 250, 900, 200, 16000, 0, "RO", 40, "CN IN PK TR"},
	{53, 1, 200, 1200, 100, 8000, 0, "BL", 80, "BD FR CN"},
	{54, 7, 300, 900, 200, 14000, 0, "RO", 40, "CN KR TR IT"},
	{55, 6, 250, 700, 200, 14000, 0, "BL", 200, "CN ID TR"},
	{56, 5, 250, 900, 200, 12000, 0, "RO", 30, "CN DE IT"},
	{57, 4, 400, 3000, 200, 9000, 0, "RO", 35, "TR IN CN BE"},
	{58, 3, 600, 2500, 50, 5000, 0, "CT", 15, "CN TR FR"},
	{59, 5, 400, 1500, 100, 9000, 0, "RO", 50, "CN DE IT"},
	{60, 5, 400, 1200, 200, 12000, 0, "RO", 25, "CN KR TR IT"},
	{61, 34, 700, 4500, 100, 9000, 220, "CT", 12, "BD CN TR VN KH IN"},
	{62, 34, 800, 6000, 100, 9000, 450, "CT", 12, "CN BD TR VN IT MA"},
	{63, 14, 300, 1500, 200, 14000, 600, "BL", 45, "CN PK IN TR"},
	{64, 24, 700, 5000, 100, 9000, 800, "CT", 12, "CN VN IT ID ES"},
	{65, 3, 800, 3500, 30, 2500, 150, "CT", 8, "CN IT"},
	{66, 1, 300, 1200, 50, 4000, 450, "CT", 15, "CN IT"},
	{67, 1, 900, 4000, 20, 1500, 100, "CT", 8, "CN ID"},
	{68, 12, 30, 300, 1000, 24000, 0, "PX", 900, "CN IT TR DE"},
	{69, 14, 60, 400, 1000, 24000, 400, "PX", 800, "CN ES IT TR"},
	{70, 16, 80, 500, 500, 22000, 350, "CS", 400, "CN DE FR TR"},
	{71, 8, 20000, 900000, 1, 60, 20, "PC", 2, "IT IN CH CN AE"},
	{72, 18, 60, 200, 5000, 26000, 0, "BE", 2000, "CN TR KR DE"},
	{73, 40, 150, 700, 300, 20000, 3000, "PX", 600, "CN DE IT TR"},
	{74, 6, 600, 1100, 200, 18000, 0, "PX", 500, "DE CN CL KR"},
	{75, 1, 1500, 3000, 50, 5000, 0, "PX", 300, "NO CA DE"},
	{76, 16, 250, 900, 300, 18000, 900, "PX", 500, "CN AE DE TR"},
	{78, 1, 200, 400, 500, 10000, 0, "PX", 600, "DE GB"},
	{79, 1, 250, 500, 500, 10000, 0, "PX", 600, "ES KR"},
	{80, 1, 1800, 3500, 50, 3000, 0, "PX", 300, "ID BO"},
	{81, 1, 1500, 9000, 20, 2000, 0, "DR", 100, "CN DE"},
	{82, 20, 700, 4000, 50, 6000, 800, "CT", 15, "CN DE JP US IT"},
	{83, 20, 400, 1800, 100, 9000, 900, "CT", 15, "CN DE IT AT"},
	{84, 130, 700, 9000, 20, 14000, 25000, "CS", 120, "DE CN IT JP US KR"},
	{85, 140, 900, 14000, 10, 9000, 1200, "CT", 14, "CN VN KR DE MY US"},
	{86, 2, 400, 1500, 500, 18000, 800000, "NE", 9000, "DE CN CH"},
	{87, 62, 700, 2600, 200, 18000, 1350000, "NE", 1350, "JP DE KR GB US TR"},
	{88, 3, 20000, 250000, 5, 900, 4000, "CS", 15, "FR US CA CN"},
	{89, 3, 800, 4000, 100, 16000, 600000, "NE", 900, "FR IT CN NL"},
	{90, 46, 3000, 40000, 5, 2500, 1500, "CT", 9, "DE US CN JP CH"},
	{91, 6, 6000, 200000, 2, 300, 80, "PC", 2, "CH CN JP"},
	{92, 2, 1500, 8000, 20, 1500, 6000, "CT", 12, "CN JP DE ID"},
	{93, 1, 6000, 30000, 5, 300, 3200, "CS", 12, "IT AT DE BE"},
	{94, 46, 250, 1500, 300, 12000, 14000, "CT", 18, "CN PL IT VN DE"},
	{95, 28, 500, 3000, 100, 8000, 700, "CT", 9, "CN VN US TW"},
	{96, 16, 400, 2500, 50, 7000, 120, "CT", 10, "CN DE TR JP"},
	{97, 1, 5000, 200000, 2, 200, 4000, "CS", 25, "FR IT GB"},
};

/* Headings that cost far more or less than the rest of their chapter, or whose pieces weigh otherwise. */
static const struct {
	uint16_t heading;
	uint32_t price_low, price_high, grams;
} trade_headings[] = {
	{2204, 250, 1500, 0}, {2208, 500, 3000, 0}, {2402, 2500, 5000, 0}, {2710, 60, 120, 0},
	{3004, 4000, 60000, 0}, {3303, 5000, 30000, 0}, {6109, 300, 2500, 180}, {6110, 900, 6000, 380},
	{6402, 250, 1800, 750}, {6403, 1500, 7000, 950}, {6404, 250, 3500, 700}, {7102, 5000000, 90000000, 1},
	{7108, 5500000, 6800000, 0}, {7113, 900000, 6000000, 8}, {8415, 500, 1500, 38000}, {8418, 350, 900, 62000},
	{8443, 900, 6000, 9000}, {8450, 300, 800, 68000}, {8471, 4000, 30000, 1900}, {8517, 9000, 60000, 210},
	{8523, 5000, 40000, 60}, {8528, 1200, 6000, 9000}, {8542, 40000, 400000, 2}, {8703, 110, 4500, 1400000},
	{8704, 600, 1800, 3200000}, {8711, 700, 2500, 145000}, {8712, 500, 3000, 14000}, {8806, 8000, 60000, 900},
	{9018, 4000, 60000, 2500}, {9102, 9000, 300000, 90}, {9403, 200, 1200, 22000},
};

/* What a kilogram is in a tariff's unit, in thousandths of it; pieces and pairs go by their own weight. */
static const struct {
	const char *unit;
	uint32_t thousandths;
} trade_units[] = {
	{"CTM", 5000000}, {"GRM", 1000000}, {"LPA", 380}, {"LTR", 1000}, {"MTK", 3200}, {"MTQ", 2}, {"MTR", 4000},
};

/* Where exporters are: currency they invoice in, a place of dispatch, and how its goods mostly travel: s by sea, a by air, r by
 * road or ferry. */
static const struct {
	const char *country, *currency, *place;
	char mode;
} trade_places[] = {
	{"AE", "AED", "Jebel Ali", 's'}, {"AR", "USD", "Buenos Aires", 's'}, {"AT", "EUR", "Linz", 's'},
	{"AU", "USD", "Fremantle", 's'}, {"BD", "USD", "Chattogram", 's'}, {"BE", "EUR", "Antwerpen", 's'},
	{"BO", "USD", "Santa Cruz", 's'}, {"BR", "BRL", "Santos", 's'}, {"CA", "CAD", "Halifax", 's'},
	{"CH", "CHF", "Basel", 'a'}, {"CI", "XOF", "Abidjan", 's'}, {"CL", "USD", "San Antonio", 's'},
	{"CN", "CNY", "Ningbo", 's'}, {"CO", "USD", "Cartagena", 's'}, {"CR", "USD", "Moín", 's'},
	{"DE", "EUR", "Bremerhaven", 's'}, {"DK", "EUR", "Aarhus", 's'}, {"EC", "USD", "Guayaquil", 's'},
	{"EG", "USD", "Port Said", 's'}, {"ES", "EUR", "Algeciras", 's'}, {"FI", "EUR", "Kotka", 's'},
	{"FR", "EUR", "Le Havre", 's'}, {"GB", "GBP", "Felixstowe", 's'}, {"GR", "EUR", "Piraeus", 's'},
	{"ID", "USD", "Surabaya", 's'}, {"IE", "EUR", "Cork", 's'}, {"IN", "INR", "Nhava Sheva", 's'},
	{"IT", "EUR", "Genova", 's'}, {"JP", "JPY", "Yokohama", 's'}, {"KE", "KES", "Mombasa", 's'},
	{"KH", "USD", "Sihanoukville", 's'}, {"KR", "KRW", "Busan", 's'}, {"KW", "USD", "Shuwaikh", 's'},
	{"LK", "USD", "Colombo", 's'}, {"MA", "EUR", "Tanger", 's'}, {"MX", "USD", "Veracruz", 's'},
	{"MY", "USD", "Penang", 's'}, {"NL", "EUR", "Rotterdam", 's'}, {"NO", "EUR", "Ålesund", 's'},
	{"NZ", "USD", "Tauranga", 's'}, {"PK", "USD", "Karachi", 's'}, {"PL", "EUR", "Gdynia", 's'},
	{"PT", "EUR", "Leixões", 's'}, {"SA", "USD", "Dammam", 's'}, {"SD", "USD", "Port Sudan", 's'},
	{"SE", "EUR", "Göteborg", 's'}, {"TH", "USD", "Laem Chabang", 's'}, {"TR", "EUR", "Mersin", 's'},
	{"TW", "USD", "Kaohsiung", 's'}, {"US", "USD", "Savannah", 's'}, {"VN", "USD", "Hai Phong", 's'},
	{"ZA", "ZAR", "Durban", 's'},
};

/* Names of invented firms: a first and a second word. */
static const char *const firm_first[] = {
	"Amber", "Beacon", "Bluewater", "Brightwell", "Cedar", "Cobalt", "Copper Bay", "Eastgate",
	"Fairwind", "Foxglove", "Granite",
	"Greenfield", "Harbour", "Highmoor", "Ironbridge", "Juniper", "Kestrel", "Lantern", "Larkspur",
	"Limestone", "Longshore",
	"Marigold", "Millbrook", "Northlight", "Oakhurst", "Old Quay", "Pebble", "Quarry", "Redstone", "Riverbend", "Saltbox",
	"Seaview", "Silverline", "Southgate", "Summit", "Tidewater", "Umber", "Violet", "Westerly",
	"Wildrose", "Windmill", "Yellowfield",
};
static const char *const firm_second[] = {
	"Trading", "Imports", "Supplies", "Foods", "Textiles", "Machines", "Components", "Stores", "Industries", "Distribution",
	"Wholesale", "Tools", "Home", "Motors", "Paper", "Chemicals", "Health", "Electronics", "Building", "Sports",
};
/* Lines of business: the chapters that a trader deals in, and how often it trades. */
static const struct {
	const char *second_word;
	uint8_t from, to;
	uint16_t weight;
} businesses[] = {
	{"Foods", 2, 24, 190}, {"Building", 25, 27, 30}, {"Building", 68, 76, 70}, {"Chemicals", 28, 38,
	60}, {"Health", 30, 34, 70},
	{"Industries", 39, 40, 70}, {"Home", 42, 49, 60}, {"Textiles", 50, 63, 90}, {"Stores", 61, 67,
	100}, {"Tools", 72, 83, 70},
	{"Machines", 82, 85, 160}, {"Electronics", 84, 85, 150}, {"Motors", 86, 89, 70}, {"Components", 84, 90, 90},
	{"Sports", 90, 97, 80}, {"Trading", 1, 97, 60},
};

#endif
