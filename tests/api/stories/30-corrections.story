# Corrections by customs, replies, appeals.

story "A correction that the trader agrees with"
	ann posts import.json as d1 with /trader_reference "K-1" with /shipment/items/0/commodity/description "Coffee of the yellow kind" -> 201
	sue does take-over on d1 officer="bob" reason="first" -> 201
	bob does check-documents on d1 result="irregular" code="W1" -> 201
	ann does reply-correction on d1 accepted=true -> 409 refused no-right-of-reply
	bob does correct on d1 reason="weighed" until="{+600}" declaration amend-mass.json about d1 -> 403 refused same-person-examiner
	olga does correct on d1 until="{+600}" declaration amend-mass.json about d1 -> 422 refused reason-missing
	olga does correct on d1 reason="weighed" declaration amend-mass.json about d1 -> 422 refused until-missing
	ann does correct on d1 reason="weighed" until="{+600}" declaration amend-mass.json about d1 -> 404
	olga does correct on d1 reason="weighed" until="{+600}" declaration amend-mass.json about d1 with /trader_reference "K-1-1"
		-> 201 /total/amount "17923.28"
	ann sees d1 -> 200 /version 2 /due "17923.28" /next has "reply-correction" /next has "appeal" /reply_by is there text lacks "olga"
	bob does close on d1 reason="done" -> 409 refused reply-open
	olga does close on d1 reason="done" -> 409 refused reply-open
	mallory does reply-correction on d1 accepted=true -> 404
	ann does reply-correction on d1 accepted=true -> 201 /next lacks "reply-correction"
	bob does check-documents on d1 result="clean" -> 201 /state "assessed"
	kay does pay on d1 -> 201 /state "released"
	aud sees history of d1 -> 200 /history/*/act has "correct" /history/*/by has "olga" /history/*/act has "reply-correction"

story "The trader objects: an officer closes the irregularity"
	ann posts import.json as d1 with /trader_reference "K-2" with /shipment/items/0/commodity/description "Coffee of the yellow kind" -> 201
	sue does take-over on d1 officer="bob" reason="first" -> 201
	bob does check-documents on d1 result="irregular" code="W1" -> 201
	olga does correct on d1 reason="weighed" until="{+600}" declaration amend-mass.json about d1 with /trader_reference "K-2-1" -> 201
	ann does reply-correction on d1 accepted=false -> 201
	bob does check-documents on d1 result="clean" -> 409 refused irregularity-open
	olga does close on d1 reason="the correction stands" -> 201
	bob does check-documents on d1 result="clean" -> 201

story "The trader is silent: the deadline passes"
	ann posts import.json as d1 with /trader_reference "K-3" with /shipment/items/0/commodity/description "Coffee of the yellow kind" -> 201
	sue does take-over on d1 officer="bob" reason="first" -> 201
	bob does check-documents on d1 result="irregular" code="W1" -> 201
	olga does correct on d1 reason="weighed" until="{+2}" declaration amend-mass.json about d1 with /trader_reference "K-3-1" -> 201
	aud waits for declarations/{d1}/history -> 200 /history/*/act has "lapse"
	ann does reply-correction on d1 accepted=false -> 409 refused no-right-of-reply
	bob does check-documents on d1 result="clean" -> 201

story "Who corrected never examines, and a deadline that was given is not shortened"
	ann posts import.json as d1 with /trader_reference "K-4" with /shipment/items/0/commodity/description "Coffee of the yellow kind" -> 201
	sue does take-over on d1 officer="bob" reason="first" -> 201
	olga does correct on d1 reason="weighed" until="{+600}" declaration amend-mass.json about d1 with /trader_reference "K-4-1" -> 201
	sue does take-over on d1 officer="olga" reason="she knows it" -> 403 refused examiner-reassessed
	olga does correct on d1 reason="again" until="{+60}" declaration amend-mass.json about d1 with /trader_reference "K-4-2"
		-> 422 refused until-missing

story "A correction with errors is refused with its findings"
	ann posts import.json as d1 with /trader_reference "K-5" with /shipment/items/0/commodity/description "Coffee of the yellow kind" -> 201
	sue does take-over on d1 officer="bob" reason="first" -> 201
	olga does correct on d1 reason="weighed" until="{+600}" declaration amend-mass.json about d1 with /trader_reference "K-5-1"
		with /shipment/items/0/commodity/net_mass/value "99000" -> 422 problem invalid /findings/*/severity has "error"
	ann sees d1 -> 200 /version 1 /next lacks "reply-correction"

story "An appeal against a correction is upheld and lowers what is due"
	ann posts import.json as d1 with /trader_reference "K-6" -> 201
	ann does appeal on d1 reason="no" -> 409 refused nothing-to-appeal
	sue does decide-appeal on d1 accepted=true reason="?" -> 409 refused no-appeal
	kay does pay on d1 -> 201 /state "released"
	sue does correct on d1 reason="post-clearance audit" until="{+600}" declaration amend-mass.json about d1
		with /trader_reference "K-6-1" -> 201
	bob sees d1 -> 200 /refund "13.92"
	ann does appeal on d1 -> 422 refused reason-missing
	ann does appeal on d1 reason="The coffee was dry." -> 201 /next lacks "appeal"
	ann does appeal on d1 reason="again" -> 409 refused nothing-to-appeal
	olga does decide-appeal on d1 accepted=true reason="fine" -> 403 refused role
	sue does decide-appeal on d1 accepted=true reason="fine" -> 403 refused same-person-reassessor
	tom does decide-appeal on d1 accepted=true -> 422 refused reason-missing
	tom does decide-appeal on d1 accepted=true amount="99999.00" reason="all of it" -> 422 refused reduction-wrong
	tom does decide-appeal on d1 accepted=false amount="1.00" reason="no" -> 422 refused reduction-wrong
	tom does decide-appeal on d1 accepted=true amount="100.00" reason="the trader is right" -> 201
	ann sees d1 -> 200 /due "17823.28" /paid "17937.20"
	tom does approve-refund on d1 -> 403 refused same-person-judge
	sue does approve-refund on d1 -> 403 refused same-person-reassessor
	ann does approve-refund on d1 -> 403 refused role
	kay does approve-refund on d1 amount="1.00" -> 422 refused amount-differs
	kay reads cases?office=XLHAR001&money=refund -> 200 /cases/[reference={d1}]/refund is there
	kay does approve-refund on d1 -> 201
	kay reads cases?office=XLHAR001&money=refund -> 200 /cases/*/reference lacks "{d1}"
	ann sees d1 -> 200 /paid "17823.28"
	kay does approve-refund on d1 -> 409 refused no-refund

story "An appeal is dismissed; a new decision can be appealed against again"
	ann posts import.json as d1 with /trader_reference "K-7" -> 201
	olga does correct on d1 reason="weighed" until="{+600}" declaration amend-mass.json about d1 with /trader_reference "K-7-1" -> 201
	ann does appeal on d1 reason="no" -> 201
	sue does decide-appeal on d1 accepted=false reason="the scales are right" -> 201
	ann does appeal on d1 reason="still no" -> 409 refused nothing-to-appeal
	olga does correct on d1 reason="again" until="{+700}" declaration amend-text.json about d1 with /trader_reference "K-7-2" -> 201
	ann does appeal on d1 reason="no" -> 201
	sue does decide-appeal on d1 accepted=true reason="x" -> 403 refused same-person-judge
	tom does decide-appeal on d1 accepted=false reason="x" -> 201

story "The examiner decides on no appeal and approves no refund"
	ann posts import.json as d1 with /trader_reference "K-8" with /shipment/items/0/commodity/description "Coffee of the yellow kind" -> 201
	kay does pay on d1 -> 201
	sue does take-over on d1 officer="tom" reason="few are here" -> 201 /examiner "tom"
	olga does correct on d1 reason="weighed" until="{+600}" declaration amend-mass.json about d1 with /trader_reference "K-8-1" -> 201
	ann does appeal on d1 reason="no" -> 201
	ann does appeal on d1 reason="no" -> 409 refused nothing-to-appeal
	tom does decide-appeal on d1 accepted=false reason="x" -> 403 refused same-person-examiner
	tom does approve-refund on d1 -> 403 refused same-person-examiner
	sue does decide-appeal on d1 accepted=false reason="x" -> 201
