# Cargo reports, and the bills that declarations write off.

story "A manifest opens bills, a declaration takes of one, and no two share the last package"
	carl reports manifest.json as m1 with /cargo_report/reference "M-1" -> 201 /state "accepted" /bills 2 /version 1 /findings count 1
	carl reports manifest.json with /cargo_report/reference "M-1" with /cargo_report/type "833" -> 409 problem conflict
	carl reports manifest.json with /cargo_report/reference "M-2" -> 201 /state "rejected" /findings/*/rule "cargo.bill-elsewhere"
	bob reads bills?office=XLHAR001 -> 200 /bills/[id=BL-1]/granted/packages "500" /bills/[id=BL-1]/left/mass "30000.000000" /bills/[id=BL-1]/age_days 0 /bills/[id=BL-2]/granted/mass "20000.000000" /bills/[id=BL-2]/granted/packages "320"
	ann reads bills?party=XL200000000018 -> 200 /bills/[id=BL-1]/left/packages "500" /bills/[id=BL-2] is missing /bills/*/consignee is missing
	carl reads bills?carrier=XL700000000001 -> 200 /bills/[id=BL-2]/report "{m1}"
	ann posts import-bill.json as d1 with /trader_reference "B-1" -> 201 /state "assessed"
	bob reads bills?office=XLHAR001 -> 200 /bills/[id=BL-1]/reserved/packages "320" /bills/[id=BL-1]/used/packages "0" /bills/[id=BL-1]/left/packages "180"
	ann posts import-bill.json with /trader_reference "B-2" -> 201 /state "rejected" /findings/*/rule "write-off.over" text has "180"
	kay does pay on d1 -> 201
	bob reads bills?office=XLHAR001 -> 200 /bills/[id=BL-1]/reserved/packages "0" /bills/[id=BL-1]/used/packages "320"
	carl reports manifest.json with /cargo_report/reference "M-1" with /cargo_report/function "5" with /cargo_report/bills/0/package_count "319" -> 201 /state "rejected" /findings/*/rule "cargo.bill-in-use" /version 2
	carl reports manifest.json with /cargo_report/reference "M-1" with /cargo_report/function "5" with /cargo_report/bills/0/package_count "320" -> 201 /state "accepted" /version 2 /asked "replacement"
	bob reads bills?office=XLHAR001 -> 200 /bills/[id=BL-1]/left/packages "0"
	carl reports manifest.json with /cargo_report/reference "M-1" with /cargo_report/function "1" -> 201 /state "rejected" /findings/*/rule "cargo.bill-in-use"
	bob reads cargo-reports/{m1} -> 200 /facts/carrier "XL700000000001" /state "accepted"
	carl reads cargo-reports/{m1} -> 200 /facts is missing /version 2
	carl reads cargo-reports?carrier=XL700000000001 -> 200 /reports/[reference={m1}]/state "accepted" /reports/[reference={m1}]/version 2
	bob reads cargo-reports?office=XLHAR001 -> 200 /reports/[reference={m1}]/conveyance "9074729/026W"
	far reads cargo-reports?office=XLHAR001 -> 403
	ann reads cargo-reports?carrier=XL700000000001 -> 403
	ann reads cargo-reports/{m1} -> 404
	far reads cargo-reports/{m1} -> 404
	far reads bills?office=XLHAR001 -> 403
	mallory reads bills?party=XL200000000018 -> 403
	mallory reports manifest.json with /cargo_report/reference "M-9" -> 403
	bernd reports manifest.json with /cargo_report/reference "M-9" -> 403

story "What is cancelled or amended is given back"
	carl reports manifest.json as m2 with /cargo_report/reference "M-3" with /cargo_report/bills/0/id "BL-31" with /cargo_report/bills/1/id "BL-32" -> 201 /state "accepted"
	ann posts import-bill.json as d1 with /trader_reference "B-3" with /shipment/previous/0/id "BL-31" -> 201 /state "assessed"
	ann posts cancel.json about d1 with /trader_reference "B-4" -> 201 /state "cancelled"
	carl reads bills?carrier=XL700000000001 -> 200 /bills/[id=BL-31]/left/packages "500"
	ann posts import-bill.json as d2 with /trader_reference "B-5" with /shipment/previous/0/id "BL-31" -> 201 /state "assessed"
	ann posts amend-mass.json about d2 with /trader_reference "B-6" -> 201 /state "assessed"
	carl reads bills?carrier=XL700000000001 -> 200 /bills/[id=BL-31]/left/packages "180"
	kay does pay on d2 -> 201
	carl reads bills?carrier=XL700000000001 -> 200 /bills/[id=BL-31]/used/packages "320"
	carl reports manifest.json with /cargo_report/function "1" with /cargo_report/reference "M-77" -> 201 /state "rejected" /findings/*/rule "cargo.reference-unknown"
	carl reports manifest.json as m4 with /cargo_report/reference "M-4" with /cargo_report/bills/0/id "BL-41" with /cargo_report/bills/1/id "BL-42" -> 201 /state "accepted"
	carl reports manifest.json with /cargo_report/function "1" with /cargo_report/reference "M-4" with /cargo_report/bills/0/id "BL-41" with /cargo_report/bills/1/id "BL-42" -> 201 /state "withdrawn"
	carl reads bills?carrier=XL700000000001 -> 200 /bills/[id=BL-41] is missing

story "A bill that nobody reported, and goods declared before they arrive"
	ann posts import-bill.json with /trader_reference "B-7" with /shipment/previous/0/id "BL-NONE" -> 201 /state "rejected" /findings/*/rule "write-off.unknown"
	ann posts import-bill.json as d1 with /trader_reference "B-8" with /type "IMD" with /shipment/previous/0/id "BL-51" -> 201 /state "accepted" /findings/*/rule "write-off.awaited"
	ann posts present.json about d1 with /trader_reference "B-9" -> 201 /state "rejected" /findings/*/rule "write-off.unknown"
	carl reports manifest.json as m5 with /cargo_report/reference "M-5" with /cargo_report/bills/0/id "BL-51" with /cargo_report/bills/1/id "BL-52" -> 201 /state "accepted"
	ann posts present.json about d1 with /trader_reference "B-10" -> 201
	carl reads bills?carrier=XL700000000001 -> 200 /bills/[id=BL-51]/reserved/packages "320"

story "The ship arrives, and what waited for it goes on; what came off is counted"
	carl reports manifest.json as m6 with /cargo_report/reference "M-6" with /cargo_report/conveyance/journey "027E" with /cargo_report/bills/0/id "BL-61" with /cargo_report/bills/1/id "BL-62" -> 201 /state "accepted"
	carl reports manifest.json as m7 with /cargo_report/reference "M-7" with /cargo_report/conveyance/journey "027E" with /cargo_report/bills/0/id "BL-71" with /cargo_report/bills/1/id "BL-72" -> 201 /state "accepted"
	ann posts import-bill.json as d1 with /trader_reference "B-11" with /type "IMD" with /shipment/previous/0/id "BL-61" -> 201 /state "accepted" /findings/*/rule lacks "write-off.awaited"
	ann posts import-bill.json as d2 with /trader_reference "B-12" with /type "IMD" with /shipment/previous/0/id "BL-71" -> 201 /state "accepted"
	bob sees d1 -> 200 /state "lodged" /holds has "presentation"
	mallory sends POST cargo-reports/{m6}/arrival -> 404
	far sends POST cargo-reports/{m6}/arrival -> 404
	aud sends POST cargo-reports/{m6}/arrival -> 403
	carl sends POST cargo-reports/{m6}/arrival -> 201 /presented 2 /waiting 0
	carl sends POST cargo-reports/{m6}/arrival -> 200 /presented 0
	carl reads cargo-reports/{m7} -> 200 /arrived_at is there
	bob sees d1 -> 200 /state "assessed" /holds lacks "presentation"
	ann sees d2 -> 200 /state "assessed"
	carl reads cargo-reports/{m6}/landing -> 200 /arrived true /counted false /bills/[id=BL-61]/short/packages "500"
	bob sends POST cargo-reports/{m6}/outturn bills="none" -> 422
	ann reads cargo-reports/{m6}/landing -> 404
	kay does pay on d1 -> 201
	bob reads cargo-reports/{m6}/landing -> 200 /bills/[id=BL-61]/written_off/packages "320"
	bob sends POST cargo-reports/{m6}/outturn file outturn.json -> 201 /counted true /bills/[id=BL-61]/short/packages "2" /bills/[id=BL-61]/over/mass "1000.500000" /bills/[id=BL-STRAY]/over/packages "3" /bills/[id=BL-62]/short/packages "320"
	bob sends POST cargo-reports/{m6}/outturn file outturn.json -> 201 /bills/[id=BL-61]/landed/packages "996" /bills/[id=BL-STRAY]/over/packages "6"
	bob sends POST cargo-reports/{m6}/outturn file outturn-again.json -> 201 /bills/[id=BL-61]/landed/packages "500" /bills/[id=BL-61]/short/packages "0" /bills/[id=BL-61]/over/packages "0" /bills/[id=BL-STRAY] is missing

story "A voyage as its people see it: what is due is found before the ship is, and what nobody declared stays to be seen"
	carl reports manifest.json as v1 with /cargo_report/reference "V-1" with /cargo_report/conveyance/journey "030E" with /cargo_report/bills/0/id "BL-V1" with /cargo_report/bills/1/id "BL-V2" -> 201 /state "accepted" /findings/* count 0
	carl reads cargo-reports?carrier=XL700000000001&limit=200 -> 200 /reports/[trader_reference=V-1]/arrived_at null /reports/[trader_reference=V-1]/state "accepted"
	bob reads bills?office=XLHAR001&limit=200 -> 200 /bills/[id=BL-V1]/left/packages "500" /bills/[id=BL-V2]/age_days 0
	ann reads bills?party=XL200000000018 -> 200 /bills/[id=BL-V1]/left/packages "500" /bills/[id=BL-V2] is missing
	ann posts import-bill.json as d1 with /trader_reference "V-D1" with /type "IMD" with /shipment/previous/0/id "BL-V1" -> 201 /state "accepted"
	ann reads bills?party=XL200000000018 -> 200 /bills/[id=BL-V1]/left/packages "180"
	carl reports manifest.json with /cargo_report/function "5" with /cargo_report/reference "V-1" with /cargo_report/conveyance/journey "030E" with /cargo_report/bills/0/id "BL-V1" with /cargo_report/bills/0/package_count "400" with /cargo_report/bills/1/id "BL-V2" -> 201 /state "accepted" /version 2
	ann posts import-bill.json with /trader_reference "V-D2" with /shipment/previous/0/id "BL-V1" -> 201 /state "rejected" /findings/*/rule "write-off.over" text has "80"
	bob sends POST cargo-reports/{v1}/arrival -> 201 /presented 1 /waiting 0
	ann sees d1 -> 200 /state "assessed"
	carl reads cargo-reports?carrier=XL700000000001&limit=200 -> 200 /reports/[trader_reference=V-1]/arrived_at is there
	kay does pay on d1 -> 201
	bob reads cargo-reports/{v1}/landing -> 200 /conveyance "9074729/030E" /counted false /bills/[id=BL-V1]/written_off/packages "320" /bills/[id=BL-V2]/written_off/packages "0"
	bob reads bills?office=XLHAR001&limit=200 -> 200 /bills/[id=BL-V1]/used/packages "320" /bills/[id=BL-V1]/left/packages "80" /bills/[id=BL-V2]/used/packages "0"
	carl reports manifest.json with /cargo_report/function "1" with /cargo_report/reference "V-1" with /cargo_report/conveyance/journey "030E" with /cargo_report/bills/0/id "BL-V1" with /cargo_report/bills/1/id "BL-V2" -> 201 /state "rejected" /findings/*/rule "cargo.bill-in-use"

story "A report that says that the conveyance is here"
	carl reports manifest.json as m8 with /cargo_report/reference "M-8" with /cargo_report/conveyance/journey "028E" with /cargo_report/bills/0/id "BL-81" with /cargo_report/bills/1/id "BL-82" -> 201 /state "accepted"
	ann posts import-bill.json as d1 with /trader_reference "B-13" with /type "IMD" with /shipment/previous/0/id "BL-81" -> 201 /state "accepted"
	carl reports conveyance.json as m9 with /cargo_report/conveyance/journey "028E" -> 201 /state "accepted" /bills 0
	carl reads cargo-reports/{m8} -> 200 /arrived_at is there
	ann sees d1 -> 200 /state "assessed"
	aud sends POST audits kind="replay" -> 202 keep replay /id
	aud waits for audits/{replay} -> 200 /state "done" /differences 0

story "The same in EDIFACT"
	carl reports manifest.json as m10 in edifact with /cargo_report/reference "M-10" with /cargo_report/conveyance/journey "029E" with /cargo_report/bills/0/id "BL-101" with /cargo_report/bills/1/id "BL-102" -> 201 /state "accepted" /bills 2
	carl reads bills?carrier=XL700000000001 -> 200 /bills/[id=BL-101]/granted/packages "500" /bills/[id=BL-102]/granted/packages "320" /bills/[id=BL-102]/granted/mass "20000.000000"
	ann posts import-bill.json as d1 with /trader_reference "B-14" with /shipment/previous/0/id "BL-101" -> 201 /state "assessed"
	aud sends POST audits kind="replay" -> 202 keep replay /id
	aud waits for audits/{replay} -> 200 /state "done" /differences 0
