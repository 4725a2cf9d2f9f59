# Goods that are given up, seized, destroyed, sold, given back.

story "The trader gives the goods up; they are destroyed"
	ann posts import.json as d1 with /trader_reference "G-1" -> 201
	ann does abandon on d1 -> 422 refused reason-missing
	mallory does abandon on d1 reason="take it" -> 404
	bob does abandon on d1 reason="x" -> 403 refused role
	sue does destroy on d1 reason="x" -> 409 refused state
	ann does abandon on d1 reason="not worth the duty" -> 201 /state "abandoned"
	bob does destroy on d1 reason="x" -> 403 refused role
	sue does destroy on d1 -> 422 refused reason-missing
	sue does destroy on d1 reason="mouldy" -> 201 /state "destroyed"
	ann sees d1 -> 200 /state "destroyed" /due "0.00" text lacks "mouldy"

story "Abandoned goods are sold; what was paid comes back"
	ann posts import.json as d1 with /trader_reference "G-2" with /shipment/items/0/commodity/description "Coffee of the yellow kind" -> 201
	kay does pay on d1 -> 201
	ann does abandon on d1 reason="no buyer" -> 201 /state "abandoned"
	sue does sell on d1 -> 422 refused reason-missing
	bob does sell on d1 reason="x" -> 403 refused role
	sue does sell on d1 reason="auction 7" -> 201 /state "sold"
	kay does approve-refund on d1 -> 201
	ann sees d1 -> 200 /state "sold" /paid "0.00"

story "A seizure, and goods given back"
	ann posts import.json as d1 with /trader_reference "G-3" -> 201
	bob does seize on d1 code="S1" reason="x" -> 403 refused role
	sue does seize on d1 reason="x" -> 422 refused code-missing
	sue does seize on d1 code="S1" -> 422 refused reason-missing
	sue does restore on d1 reason="x" -> 409 refused state
	sue does seize on d1 code="S1" reason="counterfeit marks" -> 201 /state "seized"
	ann sees d1 -> 200 /state "seized" /next has "appeal" /next lacks "pay" text lacks "counterfeit"
	sue does restore on d1 -> 422 refused reason-missing
	ann does restore on d1 reason="mine" -> 403 refused role
	sue does restore on d1 reason="they are genuine" -> 201 /state "assessed"

story "An appeal against a seizure waits, is upheld, and the goods go back"
	ann posts import.json as d1 with /trader_reference "G-4" -> 201
	sue does seize on d1 code="S1" reason="counterfeit marks" -> 201
	ann does appeal on d1 reason="they are genuine" -> 201
	tom does destroy on d1 reason="x" -> 409 refused appeal-waits
	tom does sell on d1 reason="x" -> 409 refused appeal-waits
	sue does decide-appeal on d1 accepted=true reason="x" -> 403 refused same-person-judge
	tom does decide-appeal on d1 accepted=true reason="the maker says so" -> 201
	tom does destroy on d1 reason="x" -> 409 refused seizure-overturned
	sue does sell on d1 reason="x" -> 409 refused seizure-overturned
	sue does restore on d1 reason="as decided" -> 201 /state "assessed"

story "An appeal against a seizure is dismissed, and the goods are destroyed"
	ann posts import.json as d1 with /trader_reference "G-5" -> 201
	sue does seize on d1 code="S1" reason="counterfeit marks" -> 201
	ann does appeal on d1 reason="they are genuine" -> 201
	tom does decide-appeal on d1 accepted=false reason="they are not" -> 201
	sue does destroy on d1 reason="as the law says" -> 201 /state "destroyed"
	ann reads notifications?limit=500 -> 200 /notifications/[reference={d1}]/kind has "declaration.seized"
		/notifications/[reference={d1}]/kind has "declaration.destroyed"

story "Seized goods are sold"
	ann posts import.json as d1 with /trader_reference "G-6" -> 201
	kay does pay on d1 -> 201 /state "released"
	sue does seize on d1 code="S1" reason="found in an audit" -> 201
	carl sees d1 -> 200 /state "held"
	sue does sell on d1 reason="auction" -> 201 /state "sold"

story "Examiner, judge and corrector are not one"
	ann posts import.json as d1 with /trader_reference "G-7" -> 201
	tom does seize on d1 code="S1" reason="x" -> 201
	tom does restore on d1 reason="y" -> 201
	ann does appeal on d1 reason="it took a week" -> 201
	tom does decide-appeal on d1 accepted=false reason="x" -> 403 refused same-person-judge
	sue does decide-appeal on d1 accepted=true reason="x" -> 201
