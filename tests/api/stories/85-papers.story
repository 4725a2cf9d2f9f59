# Papers that people hold, and whether they are the hub's and still stand.

story "Tax notice, receipt and release note, and what a check says of them"
	ann posts import.json as d1 with /trader_reference "P-1" -> 201 /state "assessed"
	ann reads declarations/{d1}/papers -> 200 /papers/* count 1 /papers/0/paper "tax-notice" keep tax /papers/0/code
		text lacks "green"
	ann reads declarations/{d1}/receipt.pdf -> 409 problem case-state
	ann reads declarations/{d1}/release-note.pdf -> 409 problem case-state
	nobody reads check?reference={d1}&code={tax} -> 200 /standing "stands" /amount "17937.20" /currency "XLD" /version 1 /items 1
		/office_name "Harbourgate Seaport" text lacks "Coffee" text lacks "XL200000000018" text lacks "P-1" text lacks "green"
	kay does pay on d1 amount="7937.20" -> 201
	ann reads declarations/{d1}/papers -> 200 /papers/* count 2 keep part /papers/[paper=receipt]/code
	kay does pay on d1 -> 201 /state "released"
	ann reads declarations/{d1}/papers -> 200 /papers/* count 3 keep note /papers/[paper=release-note]/code
		keep whole /papers/[paper=receipt]/code
	nobody reads check?reference={d1}&code={part} -> 200 /standing "stands" /amount "7937.20" /paper "receipt"
	nobody reads check?reference={d1}&code={whole} -> 200 /standing "stands" /amount "17937.20"
	nobody reads check?reference={d1}&code={note} -> 200 /standing "stands" /paper "release-note" /items 1 text lacks "amount"
	carl does exit on d1 -> 201
	nobody reads check?reference={d1}&code={note} -> 200 /standing "stands"

story "A code is of one reference, and tells strangers nothing"
	ann posts import.json as d1 with /trader_reference "P-2" -> 201
	ann posts import.json as d2 with /trader_reference "P-3" -> 201
	ann reads declarations/{d1}/papers -> 200 keep tax /papers/0/code
	nobody reads check?reference={d2}&code={tax} -> 404 problem not-found
	nobody reads check?reference=26XL01999999999Z&code={tax} -> 404 problem not-found
	nobody reads check?reference={d1}&code=T1-0000-0000-0000-0000 -> 404 problem not-found
	nobody reads check?reference={d1} -> 404 problem not-found
	nobody reads declarations/{d1}/papers -> 401
	mallory reads declarations/{d1}/papers -> 404
	mallory reads declarations/{d1}/tax-notice.pdf -> 404
	carl reads declarations/{d1}/tax-notice.pdf -> 404
	dora reads declarations/{d1}/papers -> 404

story "A notice is replaced by the next version, and withdrawn with the declaration"
	ann posts import.json as d1 with /trader_reference "P-4" -> 201
	ann reads declarations/{d1}/papers -> 200 keep tax /papers/0/code
	ann posts amend-mass.json about d1 with /trader_reference "P-4-1" -> 201
	nobody reads check?reference={d1}&code={tax} -> 200 /standing "replaced" /version 1 /version_now 2
	ann reads declarations/{d1}/papers -> 200 keep second /papers/0/code
	nobody reads check?reference={d1}&code={second} -> 200 /standing "stands" /version 2
	ann posts cancel.json about d1 with /trader_reference "P-4-2" -> 201
	nobody reads check?reference={d1}&code={second} -> 200 /standing "withdrawn"

story "Goods that are stopped again have no release note"
	ann posts import.json as d1 with /trader_reference "P-5" -> 201
	kay does pay on d1 -> 201 /state "released"
	ann reads declarations/{d1}/papers -> 200 keep note /papers/[paper=release-note]/code
	sue does detain on d1 reason="a tip" -> 201
	nobody reads check?reference={d1}&code={note} -> 200 /standing "withdrawn"
	ann reads declarations/{d1}/release-note.pdf -> 409 problem case-state

story "A statement stands until the account moves"
	kay sends POST accounts/XL200000000018/cash office="XLHAR001" amount="5.00" -> 201
	ann reads accounts/XL200000000018/statement.pdf -> 200 head has "application/pdf"
	mallory reads accounts/XL200000000018/statement.pdf -> 404
	kay reads accounts/XL200000000018/statement.pdf -> 200 head has "application/pdf"

story "A receipt tells that the money was given back, a notice that less is due"
	ann posts import.json as d1 with /trader_reference "P-6" -> 201
	kay does pay on d1 -> 201 /state "released"
	sue does correct on d1 reason="post-clearance audit" until="{+600}" declaration amend-mass.json about d1
		with /trader_reference "P-6-1" -> 201
	ann reads declarations/{d1}/papers -> 200 keep paid /papers/[paper=receipt]/code keep tax /papers/[paper=tax-notice]/code
	nobody reads check?reference={d1}&code={paid} -> 200 /standing "stands" /amount "17937.20"
	nobody reads check?reference={d1}&code={tax} -> 200 /standing "stands" /version 2
	ann does appeal on d1 reason="The coffee was dry." -> 201
	tom does decide-appeal on d1 accepted=true amount="100.00" reason="the trader is right" -> 201
	nobody reads check?reference={d1}&code={tax} -> 200 /standing "replaced" /due_now "17823.28"
	kay does approve-refund on d1 -> 201
	nobody reads check?reference={d1}&code={paid} -> 200 /standing "refunded" /refunded "113.92"
