# Permits and certificates, and goods that stay under a procedure: what declarations write off beside bills.

story "A licence is used up, and what is cancelled is given back"
	ann posts import-licence.json with /trader_reference "W-0" with /shipment/items/0/documents/2/id "LIC-NONE" -> 201 /state "rejected" /findings/*/rule "permit.unknown"
	ann sends POST permits/L110 number="LIC-1" holder="XL200000000018" office="XLHAR001" mass="30000" -> 403
	far sends POST permits/L110 number="LIC-1" holder="XL200000000018" office="XLHAR001" mass="30000" -> 403
	olga sends POST permits/N380 number="LIC-1" holder="XL200000000018" office="XLHAR001" mass="30000" -> 422
	olga sends POST permits/L110 number="LIC-1" holder="XL200000000018" office="XLHAR001" -> 422
	olga sends POST permits/L110 number="LIC-1" holder="XL200000000018" office="XLHAR001" mass="1e9" -> 422
	olga sends POST permits/L110 number="LIC-1" holder="XL200000000018" office="XLHAR001" mass="30000" goods="0901 2101" until="2099-12-31" -> 201
	ann posts import-licence.json as d1 with /trader_reference "W-1" -> 201 /state "assessed"
	ann reads permits?party=XL200000000018 -> 200 /accounts/[number=LIC-1]/left/mass "10800.000000" /accounts/[number=LIC-1]/reserved/mass "19200.000000" /accounts/[number=LIC-1]/cases is missing
	ann posts import-licence.json with /trader_reference "W-2" -> 201 /state "rejected" /findings/*/rule "permit.over" text has "10800 kg"
	bob reads permits/L110?number=LIC-1 -> 200 /accounts/0/cases/0/reference "{d1}" /accounts/0/goods "0901 2101"
	ann reads permits/L110?number=LIC-1 -> 200 /accounts/0/cases is missing
	mallory reads permits/L110?number=LIC-1 -> 404
	mallory reads permits?party=XL200000000018 -> 403
	far reads permits?office=XLHAR001 -> 403
	olga sends POST permits/L110 number="LIC-1" holder="XL200000000018" office="XLHAR001" mass="19000" -> 409 problem conflict
	gale sends POST permits/L110 number="LIC-1" holder="XL200000000018" office="XLHAR001" mass="50000" -> 403
	kay does pay on d1 -> 201
	bob reads permits?office=XLHAR001 -> 200 /accounts/[number=LIC-1]/used/mass "19200.000000" /accounts/[number=LIC-1]/reserved/mass "0.000000"
	olga sends POST permits/L110 number="LIC-1" holder="XL200000000018" office="XLHAR001" mass="38400" goods="0901" until="2099-12-31" -> 201
	ann posts import-licence.json as d2 with /trader_reference "W-3" -> 201 /state "assessed"
	ann posts cancel.json about d2 with /trader_reference "W-4" -> 201 /state "cancelled"
	ann reads permits?party=XL200000000018 -> 200 /accounts/[number=LIC-1]/left/mass "19200.000000"

story "Of whom, for what and when a permit is"
	gale sends POST permits/L110 number="LIC-2" holder="XL900000000090" office="XLHAR001" packages="1000" -> 201
	gale reads permits?agency=PHI -> 200 /accounts/[number=LIC-2]/issuer "PHI"
	ann posts import-licence.json with /trader_reference "W-10" with /shipment/items/0/documents/2/id "LIC-2" -> 201 /state "rejected" /findings/*/rule "permit.holder"
	gale sends POST permits/L110 number="LIC-3" holder="XL200000000018" office="XLHAR001" packages="1000" goods="0902 10" -> 201
	ann posts import-licence.json with /trader_reference "W-11" with /shipment/items/0/documents/2/id "LIC-3" -> 201 /state "rejected" /findings/*/rule "permit.goods"
	gale sends POST permits/L110 number="LIC-4" holder="XL200000000018" office="XLHAR001" packages="1000" until="2020-12-31" -> 201
	ann posts import-licence.json with /trader_reference "W-12" with /shipment/items/0/documents/2/id "LIC-4" -> 201 /state "rejected" /findings/*/rule "permit.day"
	gale sends POST permits/L110 number="LIC-5" holder="XL200000000018" office="XLHAR001" quantity="1000" unit="NAR" -> 201
	ann posts import-licence.json with /trader_reference "W-13" with /shipment/items/0/documents/2/id "LIC-5" -> 201 /state "rejected" /findings/*/rule "write-off.unit-wanted"
	gale sends POST permits/L110 number="LIC-6" holder="XL200000000018" office="XLHAR001" value="1000.00" -> 201
	ann posts import-licence.json with /trader_reference "W-14" with /shipment/items/0/documents/2/id "LIC-6" -> 201 /state "rejected" /findings/*/rule "permit.over" text has "1000.00 XLD"

story "Goods enter a warehouse, and leave it in parts"
	ann posts enter-warehouse.json as e1 with /trader_reference "W-20" -> 201 /state "released"
	ann posts leave-warehouse.json with /trader_reference "W-21" -> 201 /state "rejected" /findings/*/rule "stock.unknown"
	ann reads stock/{e1} -> 200 /accounts/0/kind "warehouse" /accounts/0/until is there /accounts/0/overdue false /accounts/0/granted/packages "320" /accounts/0/left/mass "19200.000000"
	ann posts leave-warehouse.json as l1 with /trader_reference "W-22" with /shipment/items/0/previous/0/id "{e1}" -> 201 /state "assessed"
	bob reads stock?office=XLHAR001 -> 200 /accounts/[reference={e1}]/left/packages "160" /accounts/[reference={e1}]/procedure "71"
	ann posts leave-warehouse.json with /trader_reference "W-23" with /shipment/items/0/previous/0/id "{e1}" with /shipment/items/0/packages/0/count "161" with /package_count "161" -> 201 /state "rejected" /findings/*/rule "stock.over" text has "160"
	ann posts cancel.json about e1 with /trader_reference "W-24" -> 201 /state "rejected"
	kay does pay on l1 -> 201
	ann posts leave-warehouse.json as l2 with /trader_reference "W-25" with /shipment/items/0/previous/0/id "{e1}" -> 201 /state "assessed"
	kay does pay on l2 -> 201
	bob reads stock?office=XLHAR001 -> 200 /accounts/[reference={e1}] is missing
	bob reads stock/{e1} -> 200 /accounts/0/open false /accounts/0/cases/*/stage count 2 /accounts/0/used/packages "320"
	mallory reads stock/{e1} -> 404
	mallory reads stock?party=XL200000000018 -> 403
	aud sends POST audits kind="replay" -> 202 keep replay /id
	aud waits for audits/{replay} -> 200 /state "done" /differences 0
	aud sends POST audits kind="verify" -> 202 keep verify /id
	aud waits for audits/{verify} -> 200 /state "done"
