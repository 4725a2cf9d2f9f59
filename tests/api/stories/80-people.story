# Who works in whose name, who reads what, and who hands out roles.

story "A broker lodges only with an authority, and its trader sees the case"
	ben posts import-by-broker.json as x with /trader_reference "P-1" with /shipment/importer/id "XL200000000042" -> 403 problem denied
	ben posts import-by-broker.json as d1 with /trader_reference "P-1" -> 201 /state "assessed"
	ann sees d1 -> 200 /state "assessed"
	ben sees d1 -> 200 /state "assessed"
	ann reads authorities -> 200 /authorities/*/broker has "XL300000000015"
	bernd finds nothing of d1

story "An authority of other days does not hold"
	ann sends POST authorities broker="XL300000000099" from="{today+5}" to="{today+9}" -> 201
	bernd posts import-by-broker.json with /trader_reference "P-2" with /declarant/id "XL300000000099" with /agent/id "XL300000000099"
		-> 403 problem denied
	ann sends POST authorities broker="XL300000000099" from="{today-9}" to="{today-5}" -> 201
	bernd posts import-by-broker.json with /trader_reference "P-2" with /declarant/id "XL300000000099" with /agent/id "XL300000000099"
		-> 403 problem denied
	ann sends POST authorities broker="XL300000000099" from="{today+9}" to="{today+5}" -> 422 problem invalid
	mallory sends POST authorities party="XL200000000018" broker="XL300000000099" from="{today}" to="{today}" -> 403 problem denied

story "An authority that is revoked ends what the broker can change, not what it sees"
	ann sends POST authorities broker="XL300000000099" from="{today-1}" to="{today+1}" -> 201 keep a /id
	bernd posts import-by-broker.json as d1 with /trader_reference "P-3" with /declarant/id "XL300000000099"
		with /agent/id "XL300000000099" -> 201
	mallory sends DELETE authorities/{a} -> 404
	ann sends DELETE authorities/{a} -> 204
	bernd posts cancel.json about d1 with /trader_reference "P-3-1" with /declarant/id "XL300000000099" -> 201 /state "rejected"
	bernd posts import-by-broker.json with /trader_reference "P-4" with /declarant/id "XL300000000099" with /agent/id "XL300000000099"
		-> 403 problem denied
	bernd sees d1 -> 200
	ann sees d1 -> 200

story "Nobody else lodges"
	bob posts import.json with /trader_reference "P-5" -> 403 problem denied
	kay posts import.json with /trader_reference "P-5" -> 403 problem denied
	carl posts import.json with /trader_reference "P-5" -> 403 problem denied
	dora posts import.json with /trader_reference "P-5" -> 403 problem denied
	mallory posts import.json with /trader_reference "P-5" -> 403 problem denied
	nobody posts import.json with /trader_reference "P-5" -> 401 problem sign-in

story "Documents of two sides"
	ann posts import.json as d1 with /trader_reference "P-6" with /shipment/items/0/commodity/description "Coffee of the yellow kind" -> 201
	ann uploads "an invoice" to d1 -> 201 /number 1
	ann uploads "nowhere" to d1 at /shipment/items/7 -> 422 problem no-such-place
	bob uploads "a photo" to d1 -> 201 /number 1001
	ann reads declarations/{d1}/documents -> 200 /documents count 1 text lacks "1001"
	ann reads declarations/{d1}/documents/1001 -> 404
	bob reads declarations/{d1}/documents -> 200 /documents/*/number has 1001 /documents/*/number has 1
	kay uploads "a receipt" to d1 -> 403
	carl reads declarations/{d1}/documents -> 200 /documents []
	ann sends POST declarations/{d1}/documents/1/erasure?reason=mine -> 403
	sue sends POST declarations/{d1}/documents/1/erasure?reason=a+passport -> 200 /state "erased"
	ann reads declarations/{d1}/documents/1 -> 409 problem sealed

story "Notifications are those of one's own"
	ann posts import.json as d1 with /trader_reference "P-7" with /shipment/items/0/commodity/description "Coffee of the yellow kind" -> 201
	ann reads notifications?limit=500 -> 200 /notifications/[reference={d1}]/kind has "declaration.documents-required"
		text lacks "yellow" text lacks "lane"
	mallory reads notifications?limit=500 -> 200 text lacks "{d1}"
	mallory reads notifications?party=XL200000000018 -> 404
	bob reads notifications?office=XLHAR001&limit=500 -> 200 /notifications/[reference={d1}]/kind has "case.selected"
	ann reads notifications?office=XLHAR001 -> 404
	far reads notifications?office=XLHAR001 -> 404
	dora reads notifications?office=XLHAR001 -> 404

story "Lists of cases"
	ann posts import.json as d1 with /trader_reference "P-8" with /shipment/items/0/commodity/description "Coffee of the yellow kind" -> 201
	sue does take-over on d1 officer="olga" reason="first" -> 201
	ann posts cancel.json as q about d1 with /trader_reference "P-8-1" -> 201 /state "requested"
	ann reads cases?limit=200 -> 200 /cases/[reference={d1}]/trader_reference "P-8" /cases/[trader_reference=P-8-1] count 0 text lacks "lane"
	olga reads cases?office=XLHAR001&state=documents&mine=yes&limit=200 -> 200 /cases/*/reference has "{d1}" /cases/*/lane has "yellow"
	bob reads cases?office=XLHAR001&state=documents&mine=yes&limit=200 -> 200 /cases/*/reference lacks "{d1}"
	bob reads cases?office=XLHAR001&state=documents&lane=red&limit=200 -> 200 /cases/*/reference lacks "{d1}"
	bob reads cases?office=XLSOU002 -> 403 problem denied
	bob reads cases?office=XLHAR001&limit=0 -> 422 problem invalid
	bob reads cases?office=XLHAR001&lane=red&limit=200 -> 200 /cases/*/lane lacks "yellow"
	bob reads cases?office=XLHAR001&lane=purple -> 422 problem invalid
	bob reads cases?office=XLHAR001&lane=red,red -> 422 problem invalid
	bob reads cases?office=XLHAR001&state=selected,asleep -> 422 problem invalid
	bob reads cases?office=XLHAR001&order=random -> 422 problem invalid
	bob reads cases?office=XLHAR001&order=lane&after=26XL -> 422 problem invalid
	bob reads cases?office=XLHAR001&since=yesterday -> 422 problem invalid
	bob reads cases?office=XLHAR001&mine=yes&examiner=olga -> 422 problem invalid
	bob reads cases?office=XLHAR001&state=documents,inspection&lane=yellow,red&examiner=olga&order=lane&limit=200 -> 200 /cases/*/reference has "{d1}" /cases/[reference={d1}]/party "XL200000000018"
	bob reads cases?office=XLHAR001&party=XL200000000018&order=newest&since={today-1}&limit=200 -> 200 /cases/*/reference has "{d1}"
	bob reads cases?office=XLHAR001&commodity=9 -> 422 problem invalid
	bob reads cases?office=XLHAR001&commodity=85,17 -> 422 problem invalid
	kay reads cases?office=XLHAR001&commodity=09 -> 403 problem denied
	ann reads cases?commodity=09 -> 422 problem invalid
	bob reads cases?office=XLHAR001&commodity=98&limit=200 -> 200 /cases/*/reference lacks "{d1}"
	ann reads declarations/{d1}/past -> 404
	kay reads declarations/{d1}/past -> 404
	bob waits for cases?office=XLHAR001&commodity=09&order=newest&limit=200 -> 200 /cases/*/reference has "{d1}"
	bob reads cases?office=XLHAR001&commodity=09&party=XL900000000090&limit=200 -> 200 /cases/*/reference lacks "{d1}"
	bob reads declarations/{d1}/past -> 200 /trader/id "XL200000000018" /trader/declared is there /goods/*/commodity has "09011100" /goods/*/by_trader is there
	far reads declarations/{d1}/past -> 404
	bob reads cases?office=XLHAR001&party=XL200000000018&until={today-9}&limit=200 -> 200 /cases/*/reference lacks "{d1}"
	olga reads cases/counts?office=XLHAR001 -> 200 /counts/*/state has "documents" /counts/*/lane has "yellow"
	ann reads cases/counts?office=XLHAR001 -> 403 problem denied
	kay reads cases/counts?office=XLHAR001 -> 403 problem denied
	kay reads cases?office=XLHAR001&order=newest -> 403 problem denied
	kay reads cases?office=XLHAR001&party=XL200000000018 -> 403 problem denied
	bob reads cases/counts?office=XLSOU002 -> 403 problem denied
	dora reads controls?from={today-1}&to={today-0} -> 200 /missed/interval is there /channels/*/channel has "random" /total/selected is there text lacks "{d1}" text lacks "XL200000000018"
	sue reads controls?from={today-1}&to={today-0}&office=XLHAR001 -> 200 /offices/*/office has "XLHAR001"
	sue reads controls?from={today-1}&to={today-0} -> 403 problem denied
	sue reads controls?from={today-1}&to={today-0}&office=XLSOU002 -> 403 problem denied
	bob reads controls?from={today-1}&to={today-0}&office=XLHAR001 -> 403 problem denied
	ann reads controls?from={today-1}&to={today-0}&office=XLHAR001 -> 403 problem denied
	nobody reads controls?from={today-1}&to={today-0} -> 401
	dora reads controls?from={today-1} -> 400
	dora reads controls?from={today-0}&to={today-1} -> 422 problem invalid
	bob reads cases/counts -> 422 problem invalid
	ann reads cases?order=newest -> 422 problem invalid
	mallory reads cases?party=XL200000000018 -> 403 problem denied
	ann reads cases?office=XLHAR001 -> 403 problem denied
	dora reads cases?office=XLHAR001 -> 403 problem denied
	aud reads cases?office=XLHAR001&state=documents&limit=200 -> 200 /cases/*/reference has "{d1}"

story "The roster is its office's"
	bob sends POST offices/XLHAR001/roster present_until="{+100000}" -> 422 problem invalid
	bob sends POST offices/XLHAR001/roster login="olga" present_until="{+60}" -> 403 problem denied
	bob sends POST offices/XLSOU002/roster present_until="{+60}" -> 403 problem denied
	ann sends POST offices/XLHAR001/roster present_until="{+60}" -> 403 problem denied
	bob reads offices/XLHAR001/roster -> 200
	ann reads offices/XLHAR001/roster -> 403 problem denied
	aud reads offices/XLHAR001/roster -> 200

story "The administrator makes people and sees no case"
	ann posts import.json as d1 with /trader_reference "P-9" -> 201
	adam reads people -> 200 /people/*/login has "ann"
	adam sends PATCH people/dora name="Dora" -> 200 /person/name "Dora"
	adam sends PATCH people/dora roles=["king"] -> 422 problem invalid
	ann sends PATCH people/dora name="x" -> 403 problem denied
	bob reads people -> 403 problem denied
	adam finds nothing of d1
	adam reads accesses -> 403 problem denied

story "A company's administrator makes and ends its own people, and nobody else's"
	mona reads people -> 200 /people/*/login has "ann" /people/*/login has "mona" text lacks "mallory" text lacks "bob" text lacks "ben"
	mona reads people/ann -> 200 /person/login "ann"
	mona reads people/mallory -> 404
	mona reads people/adam -> 404
	mona reads people/nobody-of-that-name -> 404
	mona sends POST people login="junior" name="J" roles=["trader"] parties=["XL200000000018"] -> 201 /person/must_change_password true /password is there
	mona sends POST people login="x1" roles=["trader"] parties=["XL900000000090"] -> 403 problem denied
	mona sends POST people login="x2" roles=["trader"] parties=["XL200000000018","XL900000000090"] -> 403 problem denied
	mona sends POST people login="x3" roles=["broker"] parties=["XL200000000018"] -> 403 problem denied
	mona sends POST people login="x4" roles=["officer"] offices=["XLHAR001"] -> 403 problem denied
	mona sends POST people login="x5" roles=["administrator"] -> 403 problem denied
	mona sends POST people login="x6" roles=["broker"] parties=["*"] -> 403 problem denied
	mona sends POST people login="x7" roles=["company-administrator"] parties=["XL200000000018"] -> 422 problem invalid
	mona sends POST people login="mallory" roles=["trader"] parties=["XL200000000018"] -> 409
	mona sends PATCH people/junior roles=["trader","company-administrator"] -> 200 /person/roles has "company-administrator"
	mona sends PATCH people/junior parties=["XL900000000090"] -> 403 problem denied
	mona sends PATCH people/junior roles=["trader"] disabled=true -> 200 /person/disabled true
	mona sends PATCH people/mona roles=["trader"] -> 403 problem denied
	mona sends PATCH people/mallory disabled=true -> 404
	mona sends PATCH people/bob name="x" -> 404
	mona sends POST people/mallory/password -> 404
	mona sends POST people/adam/password -> 404
	mona sends POST people/junior/password -> 200 /password is there
	mona sends PUT trusted-keys/x name="x" -> 403 problem denied
	mona sends DELETE trusted-keys/x -> 403 problem denied
	mona reads accesses -> 403 problem denied
	ann sends POST people login="x8" roles=["trader"] parties=["XL200000000018"] -> 403 problem denied
	adam sends POST people login="x9" roles=["officer","company-administrator"] offices=["XLHAR001"] -> 422 problem invalid

story "A company keeps its goods and templates, and nobody else sees them"
	ann sends PUT goods goods=[{"article":"A-17","description":"Green coffee","code":"09011100","origin":"BR","documents":["N380"]},{"article":"B","code":"22042100"}] -> 204
	ann reads goods -> 200 /goods/*/article count 2 /goods/[article=A-17]/description "Green coffee" /goods/[article=A-17]/changed_by "ann"
	mona reads goods?limit=1 -> 200 /goods/0/article "A-17" /after "A-17"
	mona reads goods?limit=1&after=A-17 -> 200 /goods/0/article "B"
	ann sends PUT goods goods=[{"article":"A-17","description":"Roasted coffee"}] -> 204
	ann reads goods -> 200 /goods/*/article count 2 /goods/[article=A-17]/description "Roasted coffee" /goods/[article=A-17]/code is missing
	mallory reads goods?party=XL200000000018 -> 403 problem denied
	mallory sends PUT goods?party=XL200000000018 goods=[{"article":"A-17"}] -> 403 problem denied
	mallory sends DELETE goods?article=A-17&party=XL200000000018 -> 403 problem denied
	mallory reads goods -> 200 /goods []
	bob reads goods?party=XL200000000018 -> 403 problem denied
	aud reads goods?party=XL200000000018 -> 403 problem denied
	nobody reads goods -> 401 problem sign-in
	ann sends PUT goods goods=[{"article":"C"},{"article":""}] -> 422 problem invalid
	ann sends PUT goods goods=[{"article":"C","party":"XL900000000090"}] -> 422 problem invalid
	ann sends PUT goods goods=[{"article":"C","changed_by":"bob"}] -> 422 problem invalid
	ann sends PUT goods goods=[{"article":"C","documents":["<b>"]}] -> 422 problem invalid
	ann sends PUT goods goods=[{"article":"C","code":12}] -> 422 problem invalid
	ann sends PUT goods goods=[] -> 422 problem invalid
	ann sends DELETE goods?article=C -> 404
	ann sends DELETE goods?article=A-17 -> 204
	ann reads goods -> 200 /goods/*/article count 1
	ann sends PUT templates templates=[{"name":"Coffee from Santos","declaration":{"type":"IMA","shipment":{"items":[]}}}] -> 204
	mona reads templates -> 200 /templates/0/name "Coffee from Santos" /templates/0/declaration/type "IMA"
	mallory reads templates -> 200 /templates []
	ann sends PUT templates templates=[{"name":"x","declaration":"none"}] -> 422 problem invalid
	ann sends PUT templates templates=[{"name":"x","declaration":{},"login":"bob"}] -> 422 problem invalid
	ann sends DELETE templates?name=Coffee+from+Santos -> 204

story "The auditor reads everything, who looked at what too, and does nothing"
	ann posts import.json as d1 with /trader_reference "P-10" with /shipment/items/0/commodity/description "Coffee of the red kind" -> 201
	bob sees d1 -> 200
	aud sees d1 -> 200 /lane "red" /state "selected"
	aud sees history of d1 -> 200
	aud waits for accesses?reference={d1} -> 200 text has "bob"
	aud does detain on d1 reason="x" -> 403 problem denied
	ann reads accesses -> 403 problem denied

story "What everybody may read says nothing of cases"
	ann posts import.json as d1 with /trader_reference "P-11" with /shipment/items/0/commodity/description "Coffee of the red kind" -> 201
	nobody reads /metrics -> 200 text lacks "lane" text lacks "{d1}"
	nobody reads /healthz -> 200
	nobody reads formats -> 200
	nobody reads cases -> 401 problem sign-in
	nobody reads draws -> 200 text lacks "{d1}"

story "Numbers for a time without the hub, and what waits to be completed"
	sue sends POST offices/XLHAR001/contingency count=2 -> 201 /office "XLHAR001" /references/* count 2
	sue sends POST offices/XLHAR001/contingency count=0 -> 422 problem invalid
	sue sends POST offices/XLHAR001/contingency count=1001 -> 422 problem invalid
	far sends POST offices/XLHAR001/contingency count=2 -> 403 problem denied
	bob sends POST offices/XLHAR001/contingency count=2 -> 403 problem denied
	ann sends POST offices/XLHAR001/contingency count=2 -> 403 problem denied
	bob reads obligations -> 200 /overdue/* count 0
	ann reads obligations?party=XL200000000018 -> 200 /overdue/* count 0
	ann reads obligations?party=XL900000000090 -> 403 problem denied
	nobody reads obligations -> 401 problem sign-in

story "A list shows no more than its cases would, and is noted"
	ann posts import.json as d1 with /trader_reference "P-12" with /shipment/items/0/commodity/description "Coffee of the red kind" -> 201
	kay reads cases?office=XLHAR001&limit=200 -> 200 text has "{d1}" text lacks "lane" text lacks "examiner" text lacks "holds"
	kay reads cases?office=XLHAR001&state=selected -> 403 problem denied
	kay reads cases?office=XLHAR001&mine=yes -> 403 problem denied
	bob reads cases?office=XLHAR001&mine=maybe -> 422 problem invalid
	ann reads cases?party=XL900000000090 -> 403 problem denied
	kay reads accounts/XL200000000018 -> 200
	mallory reads accounts/XL200000000018 -> 404
	kay reads offices/XLHAR001/roster -> 403 problem denied
	bob reads offices/XLHAR001/roster -> 200
	kay reads obligations -> 403 problem denied
	bob reads obligations -> 200
	aud waits for accesses?limit=50 -> 200 text has "list" text has "account" text has "roster" text has "overdue"
