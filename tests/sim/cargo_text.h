/* What reports and declarations of sim_cargo say, but for what differs between them (cargo.c). */
#ifndef CUSTOMHOUSE_TESTS_SIM_CARGO_TEXT_H
#define CUSTOMHOUSE_TESTS_SIM_CARGO_TEXT_H

// clang-format off
#define REPORT_TEXT \
	"{\"cargo_report\":{\"function\":\"%s\",\"reference\":\"M-%d\",\"type\":\"785\"," \
	"\"office\":\"%s\",\"sender\":{\"id\":\"" CARRIER "\"},\"conveyance\":{" \
	"\"journey\":\"J%d\",\"means\":{\"id\":\"9074729\",\"id_type\":\"10\",\"mode\":" \
	"\"1\"},\"carrier\":{\"id\":\"" CARRIER "\"}},\"bills\":[{\"sequence\":\"1\"," \
	"\"id\":\"B-%d-0\",\"type\":\"705\",\"package_count\":\"%lld\"},{\"sequence\":\"2\"," \
	"\"id\":\"B-%d-1\",\"type\":\"705\",\"package_count\":\"%lld\"}]}}"

#define DECLARATION_TEXT \
	"{\"function\":\"9\",\"trader_reference\":\"D-%d\",\"type\":\"%s\",\"item_count\":" \
	"\"1\"," \
	"\"office\":\"%s\",\"invoice_total\":{\"value\":\"81600.00\",\"currency\":\"USD\"}," \
	"\"gross_mass\":{\"value\":\"19368\",\"unit\":\"KGM\"},\"package_count\":\"%lld\"," \
	"\"border_transport\":{\"nationality\":\"PA\",\"mode\":\"1\"},\"declarant\":{\"id\":" \
	"\"XL200000000018\"},\"exporter\":{\"name\":\"Serra Azul\",\"address\":{\"city\":" \
	"\"Santos\",\"country\":\"BR\",\"line\":\"Rua 81\",\"postcode\":\"11010-150\"}}," \
	"\"shipment\":{\"transaction\":\"11\",\"consignment\":{\"containerised\":\"1\"," \
	"\"arrival\":{\"id\":\"9074729\",\"id_type\":\"10\"},\"location\":{\"name\":" \
	"\"XLHAR-BERTH-4\",\"type\":\"A\",\"address\":{\"type\":\"U\",\"country\":\"XL\"}}," \
	"\"containers\":[{\"sequence\":\"1\",\"id\":\"CSQU3054383\",\"seals\":[{\"sequence\":" \
	"\"1\",\"id\":\"BR774120\"}]}]},\"export_country\":\"BR\",\"items\":[{\"sequence\":" \
	"\"1\",\"documents\":[{\"category\":\"N\",\"id\":\"SA-%d\",\"type\":\"380\",\"status\":" \
	"\"AC\"},{\"category\":\"N\",\"id\":\"ST-%d\",\"type\":\"705\",\"status\":\"AC\"}]," \
	"\"commodity\":{\"description\":\"Green arabica coffee beans, not roasted\"," \
	"\"classifications\":[{\"id\":\"09011100\",\"type\":\"TSP\"}],\"duties\":[{" \
	"\"preference\":\"100\",\"type\":\"CUD\",\"payment_method\":\"F\"}],\"gross_mass\":{" \
	"\"value\":\"19368\",\"unit\":\"KGM\"},\"net_mass\":{\"value\":\"19200\",\"unit\":" \
	"\"KGM\"" \
	"},\"price\":{\"value\":\"81600.00\",\"currency\":\"USD\"},\"containers\":[{" \
	"\"sequence\":" \
	"\"1\",\"id\":\"CSQU3054383\"}]},\"valuation_method\":\"1\",\"procedures\":[{" \
	"\"requested\":\"40\",\"previous\":\"00\"},{\"requested\":\"000\"}],\"origins\":[{" \
	"\"country\":\"BR\",\"type\":\"1\"}],\"packages\":[{\"sequence\":\"1\",\"marks\":" \
	"\"LOT\"," \
	"\"count\":\"%lld\",\"type\":\"JT\"}],\"valuation_indicators\":\"0000\"}],\"importer\":" \
	"{" \
	"\"name\":\"Bluewater\",\"id\":\"XL200000000018\"},\"terms\":{\"code\":\"CIF\"," \
	"\"place\":" \
	"\"XLHAR\",\"place_name\":\"Harbourgate\"},\"ucr\":{\"id\":\"6XLBLUEWATER-%d\"}," \
	"\"previous\":[{\"category\":\"Z\",\"id\":\"B-%d-%d\",\"type\":\"705\"}]}}"
// clang-format on

#endif
