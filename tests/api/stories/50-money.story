# Paying, security, and what comes back.

story "Paying in parts, too much, and what is paid already"
	ann posts import.json as d1 with /trader_reference "M-1" -> 201
	kay does pay on d1 amount="17937.21" -> 422 refused amount-excess
	kay does pay on d1 amount="0.01" -> 201 /state "assessed"
	kay reads cases?office=XLHAR001&money=due&limit=200 -> 200 /cases/[reference={d1}]/acts has "pay" /cases/[reference={d1}]/party "XL200000000018" text lacks "lane"
	kay reads cases?office=XLHAR001&money=owed -> 422 problem invalid
	kay reads cases?office=XLHAR001&money=due&lane=red -> 422 problem invalid
	kay reads cases?office=XLSOU002&money=due -> 403 problem denied
	ann reads cases?office=XLHAR001&money=due -> 403 problem denied
	ann reads cases?money=due -> 422 problem invalid
	kay does pay on d1 amount="17937.19" -> 201 /state "released"
	kay reads cases?office=XLHAR001&money=due&limit=200 -> 200 /cases/*/reference lacks "{d1}"
	kay does pay on d1 -> 409 refused nothing-to-pay
	bob does pay on d1 -> 403 problem denied

story "Security releases provisionally; paid in time it is given back"
	ann posts import.json as d1 with /trader_reference "M-2" -> 201
	otto does discharge on d1 -> 409 refused unpaid
	otto does secure on d1 amount="1.00" until="{+3600}" -> 422 refused amount-short
	otto does secure on d1 -> 422 refused until-missing
	ann does secure on d1 until="{+3600}" -> 403 refused role
	kay sends POST accounts/XL200000000018/cash office="XLHAR001" amount="17937.20" -> 201
	otto does secure on d1 until="{+3600}" -> 201 /state "released"
	ann sees d1 -> 200 /state "released" /next has "pay" /paid "0.00"
	bob sees d1 -> 200 /secured "17937.20" /secured_until is there
	kay sees d1 -> 200 /secured "17937.20" /secured_until is there /acts has "pay" text lacks "lane"
	kay reads cases?office=XLHAR001&money=secured -> 200 /cases/*/reference has "{d1}"
	otto does discharge on d1 -> 409 refused unpaid
	kay does pay on d1 -> 201
	otto does discharge on d1 -> 201
	otto does discharge on d1 -> 409 refused no-security
	bob sees d1 -> 200 /secured "0.00"

story "Security that nobody paid for is called when its day passes"
	ann posts import.json as d1 with /trader_reference "M-3" -> 201
	kay sends POST accounts/XL200000000018/cash office="XLHAR001" amount="17937.20" -> 201
	otto does secure on d1 until="{+2}" -> 201 /state "released"
	aud waits for declarations/{d1}/history -> 200 /history/*/act has "lapse"
	ann sees d1 -> 200 /paid "17937.20" /due "17937.20" /state "released"

story "A cashier alone takes security, too"
	ann posts import.json as d1 with /trader_reference "M-4" -> 201
	kay sends POST accounts/XL200000000018/cash office="XLHAR001" amount="17937.20" -> 201
	kay does secure on d1 until="{+3600}" -> 201 /state "released"

story "A broker pays for its trader from its own account"
	ann sends POST authorities broker="XL300000000015" from="{today}" to="{today+9}" -> 201
	ben posts import-by-broker.json as d1 with /trader_reference "M-5" -> 201 /state "assessed"
	ben does pay on d1 -> 409 refused money
	kay sends POST accounts/XL300000000015/cash office="XLHAR001" amount="20000.00" -> 201
	ben does pay on d1 -> 201 /state "released"
	ben reads accounts/XL300000000015 -> 200 /balances/prepaid "2062.80"
	ann sees d1 -> 200 /state "released"
	ann reads accounts/XL300000000015 -> 404

story "Cash is counted in the currency of the country"
	kay sends POST accounts/XL200000000018/cash office="XLHAR001" amount="1.234" -> 422 problem invalid
	kay sends POST accounts/XL200000000018/cash office="XLHAR001" amount="-1.00" -> 422 problem invalid
	kay sends POST accounts/XL200000000018/cash office="XLSOU002" amount="1.00" -> 403 problem denied
	kay sends POST accounts/XL200000000018/cash office="XLHAR001" amount="1.00" direction="up" -> 422 problem invalid
	aud reads accounts/XL200000000018 -> 200 /currency "XLD"
	dora reads accounts/XL200000000018 -> 404

story "A guarantee by its reference stands for what is unpaid"
	ann posts import.json as d1 with /trader_reference "M-7" -> 201
	kay sends POST accounts/XL200000000018/guarantees reference="G-7" guarantor="XLBANK1" amount="20000.00" until="{today+400}" office="XLHAR001"
		-> 201
	otto does secure on d1 until="{+3600}" guarantee="G-8" -> 409 refused money
	otto does pay on d1 guarantee="G-7" -> 422 problem invalid
	otto does secure on d1 until="{+3600}" guarantee="G-7" -> 201 /state "released"
	bob sees d1 -> 200 /secured "17937.20"
	ann reads accounts/XL200000000018/guarantees -> 200 /guarantees/[reference=G-7]/used "17937.20" /guarantees/[reference=G-7]/amount "20000.00"
	ann posts import.json as d2 with /trader_reference "M-8" -> 201
	otto does secure on d2 until="{+3600}" guarantee="G-7" -> 409 refused money
	kay does pay on d1 -> 201
	kay does discharge on d1 -> 201
	kay reads accounts/XL200000000018/guarantees -> 200 /guarantees/[reference=G-7]/used "0.00"
	otto does secure on d2 until="{+3600}" guarantee="G-7" -> 201 /state "released"
	mallory reads accounts/XL200000000018/guarantees -> 404

story "A guarantee is called from its guarantor"
	kay sends POST accounts/XL200000000018/guarantees reference="G-9" guarantor="XLBANK2" amount="20000.00" until="{today+400}" office="XLHAR001"
		-> 201
	ann posts import.json as d1 with /trader_reference "M-9" -> 201
	otto does secure on d1 until="{+2}" guarantee="G-9" -> 201 /state "released"
	aud waits for declarations/{d1}/history -> 200 /history/*/act has "lapse"
	bob reads notifications?office=XLHAR001&limit=500 -> 200 /notifications/[reference={d1}]/kind has "guarantee.called"
	ann sees d1 -> 200 /paid "0.00" /next has "pay"
	otto does discharge on d1 -> 409 refused unpaid
	kay does pay on d1 -> 201
	otto does discharge on d1 -> 201

story "Guarantees are registered by those who take money, in words that make sense"
	ann sends POST accounts/XL200000000018/guarantees reference="G-1" guarantor="XLBANK1" amount="1.00" until="{today+400}" office="XLHAR001"
		-> 403 problem denied
	kay sends POST accounts/XL200000000018/guarantees reference="G-1" guarantor="XLBANK1" amount="1.00" until="{today+400}" office="XLSOU002"
		-> 403 problem denied
	kay sends POST accounts/XL200000000018/guarantees reference="G-1" guarantor="XLBANK1" amount="-1.00" until="{today+400}" office="XLHAR001"
		-> 422 problem invalid
	kay sends POST accounts/XL200000000018/guarantees reference="G-1" guarantor="XLBANK1" amount="1.00" until="soon" office="XLHAR001"
		-> 422 problem invalid
	kay sends POST accounts/XL200000000018/guarantees reference="G-1" guarantor="treasury" amount="1.00" until="{today+400}" office="XLHAR001"
		-> 422 problem invalid
	kay sends POST accounts/XL200000000018/guarantees reference="G-1" guarantor="XLBANK1" amount="99999.00" until="{today}" office="XLHAR001"
		-> 201
	ann posts import.json as d1 with /trader_reference "M-10" -> 201
	otto does secure on d1 until="{+172800}" guarantee="G-1" -> 409 refused money
	otto sends POST accounts/XL200000000018/guarantees reference="G-1" guarantor="XLBANK1" amount="99999.00" until="{today+400}" office="XLHAR001"
		-> 201
	otto does secure on d1 until="{+172800}" guarantee="G-1" -> 201
	kay sends POST accounts/XL200000000018/guarantees reference="G-1" guarantor="XLBANK3" amount="99999.00" until="{today+400}" office="XLHAR001"
		-> 409 problem conflict

story "An amendment that names another importer moves the debt, and no money"
	ann sends POST authorities broker="XL300000000015" from="{today}" to="{today+9}" -> 201
	mallory sends POST authorities broker="XL300000000015" from="{today}" to="{today+9}" -> 201
	ben posts import-by-broker.json as d1 with /trader_reference "M-20" -> 201 /state "assessed"
	ben posts amend-importer.json as a1 about d1 with /trader_reference "M-20-1" -> 201 /state "assessed"
	mallory sees d1 -> 200 /due "17937.20"
	mallory reads accounts/XL900000000090 -> 200 /balances/due "17937.20"
	kay does pay on d1 -> 201 /state "released"
	mallory reads accounts/XL900000000090 -> 200 /balances/due "0.00"
	ben posts import-by-broker.json as d2 with /trader_reference "M-21" -> 201 /state "assessed"
	kay does pay on d2 amount="1.00" -> 201
	ben posts amend-importer.json as a2 about d2 with /trader_reference "M-21-1" -> 201 /state "rejected" text has "importer-paid"
	ann sees d2 -> 200 /paid "1.00"
