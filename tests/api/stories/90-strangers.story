# Who has nothing to do with a case learns nothing of it; its trader learns no lane.

story "Strangers find nothing of a case, whatever they ask"
	ann posts import.json as d1 with /trader_reference "S-1" with /shipment/items/0/commodity/description "Coffee of the red kind" -> 201
	ann uploads "an invoice" to d1 -> 201
	mallory finds nothing of d1
	bernd finds nothing of d1
	dora finds nothing of d1
	gale finds nothing of d1
	adam finds nothing of d1
	far finds nothing of d1
	mallory posts cancel.json as x about d1 with /trader_reference "S-1-1" with /declarant/id "XL900000000090"
		-> 201 /state "rejected" /findings/*/rule has "request.reference-unknown"
	mallory posts amend-mass.json about d1 with /trader_reference "S-1-2" with /declarant/id "XL900000000090"
		-> 201 /state "rejected" /findings/*/rule has "request.reference-unknown"
	mallory reads cases?limit=200 -> 200 text lacks "{d1}"
	ann sees d1 -> 200 /version 1 /state "documents-required"

story "Strangers find nothing of a case at its end either"
	ann posts import.json as d1 with /trader_reference "S-2" -> 201
	kay does pay on d1 -> 201
	carl does exit on d1 -> 201
	mallory finds nothing of d1
	bernd finds nothing of d1
	dora finds nothing of d1
	far finds nothing of d1

story "A carrier learns whether goods may go, and nothing else"
	ann posts import.json as d1 with /trader_reference "S-3" with /shipment/items/0/commodity/description "Coffee of the yellow kind" -> 201
	carl sees d1 -> 200 /state "held" text lacks "lane" text lacks "17937" text lacks "S-3"
	carl sees history of d1 -> 404
	carl reads declarations/{d1} -> 200 /state "held" text lacks "lane" text lacks "17937" text lacks "S-3"
	carl reads declarations/{d1}/documents -> 200 /documents []
	carl reads declarations/{d1}/explanation -> 403
	carl does pay on d1 -> 403
	carl does detain on d1 reason="x" -> 403 refused role
	carl does abandon on d1 reason="x" -> 403 refused role

story "Nobody tells a green case from a blue one"
	ann posts import.json as d1 with /trader_reference "S-4" with /shipment/items/0/commodity/description "Coffee of the green kind" -> 201
	ann posts import.json as d2 with /trader_reference "S-5" with /shipment/items/0/commodity/description "Coffee of the blue kind" -> 201
	ann cannot tell d1 from d2 but "green" "blue"
	kay does pay on d1 -> 201
	kay does pay on d2 -> 201
	ann cannot tell d1 from d2 but "green" "blue"
	kay cannot tell d1 from d2 but "green" "blue"
	carl cannot tell d1 from d2 but "green" "blue"
	carl does exit on d1 -> 201
	carl does exit on d2 -> 201
	ann cannot tell d1 from d2 but "green" "blue"

story "Nobody tells a yellow case from a red one until the documents are done"
	ann posts import.json as d1 with /trader_reference "S-6" with /shipment/items/0/commodity/description "Coffee of the yellow kind" -> 201
	ann posts import.json as d2 with /trader_reference "S-7" with /shipment/items/0/commodity/description "Coffee of the red kind" -> 201
	ann cannot tell d1 from d2 but "yellow" "red"
	sue does take-over on d1 officer="bob" reason="first" -> 201
	sue does take-over on d2 officer="olga" reason="first" -> 201
	bob does check-documents on d1 result="irregular" code="F1" -> 201
	ann cannot tell d1 from d2 but "yellow" "red"

story "Before presentation all lanes look alike, and what officers do to them"
	ann posts import.json as d1 with /trader_reference "S-8" with /type "IMD" with /shipment/items/0/commodity/description "Coffee of the green kind" -> 201 /state "accepted"
	ann posts import.json as d2 with /trader_reference "S-9" with /type "IMD" with /shipment/items/0/commodity/description "Coffee of the blue kind" -> 201 /state "accepted"
	ann posts import.json as d3 with /trader_reference "S-10" with /type "IMD" with /shipment/items/0/commodity/description "Coffee of the yellow kind" -> 201 /state "accepted"
	ann posts import.json as d4 with /trader_reference "S-11" with /type "IMD" with /shipment/items/0/commodity/description "Coffee of the red kind" -> 201 /state "accepted"
	ann cannot tell d1 from d2 but "green" "blue"
	ann cannot tell d1 from d3 but "green" "yellow"
	ann cannot tell d1 from d4 but "green" "red"
	bob does reroute on d1 lane="red" reason="a tip" -> 201
	bob does reroute on d4 lane="green" reason="no tip" -> 201
	bob does place-hold on d2 hold="permit" reason="a licence" -> 201
	ann cannot tell d1 from d2 but "green" "blue"
	ann cannot tell d1 from d4 but "green" "red"
	ann cannot tell d2 from d3 but "blue" "yellow"
	ann posts amend-text.json about d3 with /trader_reference "S-10-1"
		with /shipment/items/0/commodity/description "Coffee of the red kind" -> 201 /state "accepted"
	ann posts amend-text.json about d1 with /trader_reference "S-8-1"
		with /shipment/items/0/commodity/description "Coffee of the green kind" -> 201 /state "accepted"
	ann cannot tell d1 from d3 but "green" "red"
	ann posts cancel.json about d3 with /trader_reference "S-10-2" -> 201 /state "cancelled"
	ann posts cancel.json about d1 with /trader_reference "S-8-2" -> 201 /state "cancelled"
	ann cannot tell d1 from d3 but "green" "red"

story "The answer as a message of the data model is as silent"
	ann posts import.json as d1 with /trader_reference "S-12" with /type "IMD" with /shipment/items/0/commodity/description "Coffee of the red kind" in xml -> 201 text lacks "red<" text lacks "lane"
	ann posts import.json as d2 with /trader_reference "S-13" with /shipment/items/0/commodity/description "Coffee of the blue kind" in xml -> 201 text has "<NameCode>67<"

story "What people sent is erased by two, once the case is over"
	ann posts import.json as d1 with /trader_reference "E-1" -> 201 /state "assessed"
	ann uploads "an invoice" to d1 -> 201 /number 1
	sue sends POST declarations/{d1}/erasure?reason=the+term+is+over -> 409 problem case-state
	kay does pay on d1 -> 201 /state "released"
	ann sends POST declarations/{d1}/erasure?reason=mine -> 403 problem denied
	aud sends POST declarations/{d1}/erasure?reason=alone -> 403 problem denied
	mallory sends POST declarations/{d1}/erasure?reason=hers -> 404
	sue sends POST declarations/{d1}/erasure -> 400 problem bad-request
	sue sends POST declarations/{d1}/erasure?reason=the+term+is+over -> 200 /state "ordered"
	ann reads declarations/{d1} -> 200
	tom sends POST declarations/{d1}/erasure?reason=too -> 200 /state "ordered"
	ann reads declarations/{d1} -> 200
	aud sends POST declarations/{d1}/erasure?reason=carried+out -> 200 /state "erased"
	aud sends POST declarations/{d1}/erasure?reason=carried+out -> 200 /state "erased"
	ann reads declarations/{d1} -> 404 text has "erased"
	ann reads declarations/{d1}/documents/1 -> 409 problem sealed
	ann sees d1 -> 200 /state "released" /paid "17937.20"
	aud reads declarations/{d1}/explanation -> 200 text has "by order of sue" text has "the term is over"
	ann posts amend-text.json as a1 about d1 with /trader_reference "E-1-1" -> 201 /state "rejected"
	ann reads accounts/XL200000000018 -> 200
