# Amendments and cancellations, before control is announced and afterwards.

story "An amendment before control makes the next version"
	ann posts import.json as d1 with /trader_reference "R-1" -> 201
	ann posts amend-mass.json about d1 with /trader_reference "R-1-1" -> 201 /version 2 /total/amount "17923.28" /state "assessed"
	ann sees d1 -> 200 /version 2 /due "17923.28"
	ann posts amend-mass.json about d1 with /trader_reference "R-1-2" with /shipment/items/0/commodity/net_mass/value "18000"
		-> 201 /version 3
	aud sees history of d1 -> 200 /history/*/act has "amend"
	ann sees history of d1 -> 200 text lacks "act"

story "A cancellation before control ends the case"
	ann posts import.json as d1 with /trader_reference "R-2" -> 201
	ann posts cancel.json about d1 with /trader_reference "R-2-1" -> 201 /state "cancelled"
	ann sees d1 -> 200 /state "cancelled" /due "0.00"
	ann posts cancel.json about d1 with /trader_reference "R-2-2" -> 201 /state "rejected" /findings/*/rule has "request.reference-unknown"
	kay does pay on d1 -> 409 refused state
	ann uploads "late" to d1 -> 409 problem closed

story "An amendment while the goods are waited for; customs learns nothing less"
	ann posts import.json as d1 with /trader_reference "R-3" with /type "IMD" with /shipment/items/0/commodity/description "Coffee of the yellow kind" -> 201 /state "accepted"
	ann posts amend-mass.json about d1 with /trader_reference "R-3-1" -> 201 /version 2 /state "accepted"
	ann posts amend-text.json about d1 with /trader_reference "R-3-2" -> 201 /version 3 /state "accepted"
	bob sees d1 -> 200 /lane "yellow"
	ann does present on d1 -> 201 /state "documents-required"

story "After control is announced an amendment is a request: granted"
	ann posts import.json as d1 with /trader_reference "R-4" with /shipment/items/0/commodity/description "Coffee of the yellow kind" -> 201
	olga does grant on d1 -> 409 refused no-request
	olga does refuse on d1 reason="no" -> 409 refused no-request
	ann posts amend-mass.json about d1 with /trader_reference "R-4-1" -> 201 /state "requested"
	ann sees d1 -> 200 /version 1 /next has "await-decision"
	ann posts amend-mass.json about d1 with /trader_reference "R-4-2" -> 201 /state "rejected" /findings/*/text has "request-waits"
	ann does grant on d1 -> 404
	olga does refuse on d1 -> 422 refused reason-missing
	olga does grant on d1 -> 201
	ann sees d1 -> 200 /version 2 /due "17923.28" /next lacks "await-decision"
	ann reads notifications?limit=500 -> 200 /notifications/[reference={d1}]/version has "2"

story "A request is refused, and that is appealed against"
	ann posts import.json as d1 with /trader_reference "R-5" with /shipment/items/0/commodity/description "Coffee of the yellow kind" -> 201
	ann posts amend-mass.json about d1 with /trader_reference "R-5-1" -> 201 /state "requested"
	ann does refuse on d1 reason="x" -> 403 refused role
	sue does refuse on d1 reason="the goods weigh what they weigh" -> 201
	ann sees d1 -> 200 /version 1 /next has "appeal" text lacks "weigh"
	ann does appeal on d1 reason="they do not" -> 201
	sue does decide-appeal on d1 accepted=true reason="x" -> 403 refused same-person-judge
	tom does decide-appeal on d1 accepted=true reason="x" -> 201

story "A cancellation after control is a request: granted, and what was paid comes back"
	ann posts import.json as d1 with /trader_reference "R-6" with /shipment/items/0/commodity/description "Coffee of the yellow kind" -> 201
	kay does pay on d1 -> 201
	ann posts cancel.json about d1 with /trader_reference "R-6-1" -> 201 /state "requested"
	olga does grant on d1 -> 201
	ann sees d1 -> 200 /state "cancelled" /due "0.00" /paid "17937.20"
	kay does approve-refund on d1 -> 201
	ann sees d1 -> 200 /paid "0.00"

story "Goods that have left are not cancelled"
	ann posts import.json as d1 with /trader_reference "R-7" -> 201
	kay does pay on d1 -> 201 /state "released"
	ann posts cancel.json about d1 with /trader_reference "R-7-1" -> 201 /state "requested"
	carl does exit on d1 -> 201
	olga does grant on d1 -> 409 refused goods-gone
	olga does refuse on d1 reason="they are gone" -> 201

story "A granted amendment lowers what is due after release: a refund"
	ann posts import.json as d1 with /trader_reference "R-8" -> 201
	kay does pay on d1 -> 201
	ann posts amend-mass.json about d1 with /trader_reference "R-8-1" -> 201 /state "requested"
	olga does grant on d1 -> 201
	bob sees d1 -> 200 /refund "13.92"
	olga does approve-refund on d1 -> 403 refused role
	kay does approve-refund on d1 amount="13.92" -> 201

story "A granted amendment raises what is due after release: a debt that holds nothing"
	ann posts import.json as d1 with /trader_reference "R-9" -> 201
	kay does pay on d1 -> 201
	ann posts amend-mass.json about d1 with /trader_reference "R-9-1" with /shipment/items/0/commodity/net_mass/value "19300"
		-> 201 /state "requested"
	olga does grant on d1 -> 201
	ann sees d1 -> 200 /state "released" /due "17944.16" /next has "pay"
	kay does pay on d1 -> 201 /state "released"

story "No request is granted while an irregularity is open"
	ann posts import.json as d1 with /trader_reference "R-10" with /shipment/items/0/commodity/description "Coffee of the yellow kind" -> 201
	sue does take-over on d1 officer="bob" reason="first" -> 201
	ann posts amend-mass.json about d1 with /trader_reference "R-10-1" -> 201 /state "requested"
	bob does check-documents on d1 result="irregular" code="W1" -> 201
	olga does grant on d1 -> 409 refused irregularity-open

story "An amendment raises the lane, and never lowers it"
	ann posts import.json as d1 with /trader_reference "R-11" -> 201 /state "assessed"
	ann posts amend-text.json about d1 with /trader_reference "R-11-1"
		with /shipment/items/0/commodity/description "Coffee of the red kind" -> 201 /state "documents-required"
	bob sees d1 -> 200 /lane "red" /holds has "inspection"
	ann posts amend-text.json about d1 with /trader_reference "R-11-2" -> 201 /state "requested"
	olga does grant on d1 -> 201
	bob sees d1 -> 200 /lane "red"

story "A seized case is neither amended nor cancelled"
	ann posts import.json as d1 with /trader_reference "R-12" -> 201
	sue does seize on d1 code="S1" reason="counterfeit" -> 201
	ann posts amend-mass.json about d1 with /trader_reference "R-12-1" -> 201 /state "rejected" /findings/*/rule has "request.state"
	ann posts cancel.json about d1 with /trader_reference "R-12-2" -> 201 /state "rejected" /findings/*/rule has "request.state"
	ann posts present.json about d1 with /trader_reference "R-12-3" -> 201 /state "rejected"
