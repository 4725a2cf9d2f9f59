# What a case goes through when all is well, told by the people who move it on.

story "A green import: assessed, paid at the counter, released, gone"
	ann posts import.json as d1 with /trader_reference "J-1" -> 201 /state "assessed" /next has "pay" /total/amount "17937.20"
	ann sees d1 -> 200 /state "assessed" /next has "pay" text lacks "green" text lacks "hold" /due "17937.20" /paid "0.00"
		/trader_reference "J-1"
	bob sees d1 -> 200 /state "assessed" /lane "green" /holds has "payment" /office "XLHAR001"
	kay sees d1 -> 200 /state "assessed" text lacks "lane"
	carl sees d1 -> 200 /state "held" text lacks "lane"
	kay does pay on d1 amount="7937.20" -> 201 /state "assessed"
	ann sees d1 -> 200 /paid "7937.20" /next has "pay"
	kay does pay on d1 -> 201 /state "released" /next has "take-goods"
	carl sees d1 -> 200 /state "released"
	carl does exit on d1 -> 201
	ann sees d1 -> 200 /state "exited" /next []
	ann sees history of d1 -> 200 /history/*/state has "assessed" /history/*/state has "released" /history/*/state has "exited"
		text lacks "lane" text lacks "kay"
	aud sees history of d1 -> 200 /history/*/act has "pay" /history/*/by has "kay" /history/*/act has "exit"
	ann reads notifications?limit=500 -> 200 /notifications/[reference={d1}]/kind has "declaration.assessed"
		/notifications/[reference={d1}]/kind has "declaration.released" /notifications/[reference={d1}]/kind has "declaration.exited"

story "A trader pays from its account"
	ann posts import.json as d1 with /trader_reference "J-2" -> 201 /state "assessed"
	ann does pay on d1 -> 409 problem case-state refused money
	kay sends POST accounts/XL200000000018/cash office="XLHAR001" amount="20000.00" -> 201
	ann reads accounts/XL200000000018 -> 200 /balances/prepaid "20000.00"
	ann does pay on d1 -> 201 /state "released"
	ann reads accounts/XL200000000018 -> 200 /balances/prepaid "2062.80" /transfers/*/reference has "{d1}"
	kay sends POST accounts/XL200000000018/cash office="XLHAR001" amount="2062.80" direction="out" -> 201
	kay sends POST accounts/XL200000000018/cash office="XLHAR001" amount="1.00" direction="out" -> 409 problem conflict
	ann reads accounts/XL200000000018 -> 200 /balances/prepaid "0.00"
	mallory reads accounts/XL200000000018 -> 404 problem not-found
	ann sends POST accounts/XL200000000018/cash office="XLHAR001" amount="1.00" -> 403 problem denied
	far sends POST accounts/XL200000000018/cash office="XLHAR001" amount="1.00" -> 403 problem denied

story "A blue import looks like a green one and is released when it is paid"
	ann posts import.json as d1 with /trader_reference "J-3"
		with /shipment/items/0/commodity/description "Coffee of the blue kind" -> 201 /state "assessed"
	bob sees d1 -> 200 /lane "blue"
	kay does pay on d1 -> 201 /state "released"

story "A yellow import: the supervisor names the first examiner, documents are checked, paid, released"
	ann posts import.json as d1 with /trader_reference "J-4"
		with /shipment/items/0/commodity/description "Coffee of the yellow kind" -> 201 /state "documents-required"
		/next has "present-documents"
	bob sees d1 -> 200 /state "selected" /lane "yellow"
	ann uploads "the invoice" to d1 at /shipment/items/0/documents/0 -> 201 /number 1
	sue does take-over on d1 officer="bob" reason="nobody was there to draw from" -> 201 /state "documents" /examiner "bob"
	bob reads declarations/{d1}/documents -> 200 /documents count 1
	bob reads declarations/{d1}/documents/1 -> 200 text has "the invoice"
	bob does check-documents on d1 result="clean" -> 201 /state "assessed"
	ann sees d1 -> 200 /state "assessed" /next ["pay"]
	kay does pay on d1 -> 201 /state "released"

story "A red import: documents, then goods"
	ann posts import.json as d1 with /trader_reference "J-5"
		with /shipment/items/0/commodity/description "Coffee of the red kind" -> 201 /state "documents-required"
	sue does take-over on d1 officer="bob" reason="first" -> 201
	bob does check-documents on d1 result="clean" -> 201 /state "inspection"
	ann sees d1 -> 200 /state "examination" /next has "present-goods-for-examination"
	bob does examine on d1 result="clean" -> 201 /state "assessed"
	kay does pay on d1 -> 201 /state "released"
	ann reads notifications?limit=500 -> 200 /notifications/[reference={d1}]/kind has "declaration.examination"

story "A red import whose duties are paid before control: release follows control"
	ann posts import.json as d1 with /trader_reference "J-6"
		with /shipment/items/0/commodity/description "Coffee of the red kind" -> 201
	kay does pay on d1 -> 201 /state "documents-required"
	sue does take-over on d1 officer="bob" reason="first" -> 201
	bob does release on d1 -> 201 /state "released" /path has "released"

story "An import before arrival: the trader presents the goods"
	ann posts import.json as d1 with /trader_reference "J-7" with /type "IMD" -> 201 /state "accepted" /next has "present-goods"
	bob sees d1 -> 200 /state "lodged"
	ann does present on d1 -> 201 /state "assessed"
	ann does present on d1 -> 409 refused state
	kay does pay on d1 -> 201 /state "released"

story "An import before arrival: a notice of presentation by message"
	ann posts import.json as d1 with /trader_reference "J-8" with /type "IMD" -> 201 /state "accepted"
	ann posts present.json about d1 with /trader_reference "J-8-P" -> 201 /state "assessed"
	bob sees d1 -> 200 /state "assessed"

story "An import before arrival: the carrier presents the goods, and takes them out"
	ann posts import.json as d1 with /trader_reference "J-9" with /type "IMD" -> 201
	carl does present on d1 -> 201 text lacks "lane"
	kay does pay on d1 -> 201 /state "released"
	carl does exit on d1 -> 201 text lacks "lane"
	carl does exit on d1 -> 409 refused state

story "An officer at the gate records what a carrier would"
	ann posts import.json as d1 with /trader_reference "J-10" with /type "IMD" -> 201
	bob does present on d1 -> 201 /state "assessed"
	kay does pay on d1 -> 201
	bob does exit on d1 -> 201 /state "exited"

story "The examiner is drawn among those present"
	far sends POST offices/XLSOU002/roster login="far" present_until="{+3600}" skills="documents inspection" -> 200
	far reads offices/XLSOU002/roster -> 200 /0/login "far" /0/skills "documents inspection"
	ann posts import.json as d1 with /trader_reference "J-11" with /office "XLSOU002"
		with /shipment/items/0/commodity/description "Coffee of the yellow kind" -> 201 /state "documents-required"
	far sees d1 -> 200 /state "documents" /examiner "far"
	aud sees history of d1 -> 200 /history/*/act has "allocate"
	far does check-documents on d1 result="clean" -> 201 /state "assessed"

story "An export before its goods are there: presented, and what is due for statistics is paid"
	ben posts export.json as d1 with /trader_reference "J-12" with /type "EXD" with /declarant/id "XL300000000015"
		with /exporter/id "XL300000000015" with /agent/id "XL300000000015" with /office "XLHAR001" -> 201 /state "accepted"
	mallory does present on d1 -> 404
	carl does present on d1 -> 201
	ben sees d1 -> 200 /state not "accepted"

story "A declaration with errors has no effect; the next one takes its place"
	ann posts import.json as d1 with /trader_reference "J-13" with /shipment/items/0/origins/0/country "ZZ" -> 201 /state "rejected"
		/next has "correct"
	ann sees d1 -> 200 /state "rejected"
	ann does pay on d1 -> 409 refused state
	ann posts import.json as d2 with /trader_reference "J-13" -> 201 /state "assessed"

story "The answer as a message of the data model"
	ann posts import.json as d1 with /trader_reference "J-14" in xml -> 201 text has "<FunctionCode>01<" text has "<NameCode>67<"
		text has "17937.20" text lacks "green"
	ann posts import.json as d2 with /trader_reference "J-15"
		with /shipment/items/0/commodity/description "Coffee of the yellow kind" in xml -> 201 text lacks "yellow" text lacks "selected"
