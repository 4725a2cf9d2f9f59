# Lanes that people change, and holds that they place.

story "A lane is raised by one officer at once"
	ann posts import.json as d1 with /trader_reference "H-1" -> 201 /state "assessed"
	ann does reroute on d1 lane="green" reason="please" -> 403 refused role
	bob does reroute on d1 reason="x" -> 422 refused lane-missing
	bob does reroute on d1 lane="green" reason="x" -> 422 refused lane-missing
	bob does reroute on d1 lane="purple" reason="x" -> 422 problem invalid
	bob does reroute on d1 lane="red" -> 422 refused reason-missing
	bob does reroute on d1 lane="red" reason="the seal is broken" -> 201 /lane "red" /state "selected"
	ann sees d1 -> 200 /state "documents-required" text lacks "seal" text lacks "red\""

story "A lower lane needs a second person"
	ann posts import.json as d1 with /trader_reference "H-2" with /shipment/items/0/commodity/description "Coffee of the red kind" -> 201
	sue does take-over on d1 officer="olga" reason="first" -> 201
	tom does confirm-reroute on d1 -> 409 refused no-proposal
	tom does refuse-reroute on d1 -> 409 refused no-proposal
	bob does reroute on d1 lane="green" reason="a sample was taken last week" -> 201 /lane "red"
	olga does reroute on d1 lane="yellow" reason="x" -> 409 refused proposal-waits
	bob does confirm-reroute on d1 -> 403 refused same-person-proposer
	bob does refuse-reroute on d1 -> 403 refused same-person-proposer
	ann does confirm-reroute on d1 -> 403 refused role
	ann sees d1 -> 200 text lacks "propos"
	sue does refuse-reroute on d1 -> 201 /lane "red"
	bob does reroute on d1 lane="green" reason="again" -> 201
	tom does confirm-reroute on d1 -> 201 /lane "green" /state "assessed"

story "No lane is lowered while an irregularity is open"
	ann posts import.json as d1 with /trader_reference "H-3" with /shipment/items/0/commodity/description "Coffee of the red kind" -> 201
	sue does take-over on d1 officer="olga" reason="first" -> 201
	bob does reroute on d1 lane="green" reason="x" -> 201
	olga does check-documents on d1 result="irregular" code="F1" -> 201
	tom does confirm-reroute on d1 -> 409 refused irregularity-open
	bob does reroute on d1 lane="yellow" reason="x" -> 409 refused irregularity-open

story "A hold for a permit"
	ann posts import.json as d1 with /trader_reference "H-4" -> 201
	bob does place-hold on d1 reason="x" -> 422 refused hold-missing
	bob does place-hold on d1 hold="moon" reason="x" -> 422 problem invalid
	bob does place-hold on d1 hold="permit" -> 422 refused reason-missing
	bob does lift-hold on d1 hold="permit" -> 409 refused no-such-hold
	bob does place-hold on d1 hold="agency" reason="x" -> 422 problem invalid
	ann does place-hold on d1 hold="permit" reason="x" -> 403 refused role
	bob does place-hold on d1 hold="permit" reason="a licence is needed" -> 201 /state "accepted"
	bob does place-hold on d1 hold="permit" reason="x" -> 409 refused hold-stands
	ann sees d1 -> 200 /state "accepted" /next has "show-permit"
	kay does pay on d1 -> 201 /state "accepted"
	carl does exit on d1 -> 409 refused state
	ann uploads "the licence" to d1 -> 201
	bob does lift-hold on d1 -> 422 refused hold-missing
	ann does lift-hold on d1 hold="permit" -> 403 refused role
	olga does lift-hold on d1 hold="permit" -> 201 /state "released"

story "A hold placed before the goods are presented shows only afterwards"
	ann posts import.json as d1 with /trader_reference "H-5" with /type "IMD" -> 201
	bob does place-hold on d1 hold="permit" reason="x" -> 201
	ann sees d1 -> 200 /state "accepted" /next lacks "show-permit"
	ann does present on d1 -> 201 /state "accepted" /next has "show-permit"

story "Customs calls an agency in, which then sees the case and alone lets the goods go"
	ann posts import.json as d1 with /trader_reference "H-6" -> 201
	gale finds nothing of d1
	gale does place-hold on d1 hold="agency" reason="pests" -> 404 problem not-found
	bob does place-hold on d1 hold="agency" agency="PHI" reason="a beetle" -> 201 /state "accepted" /holds has "agency"
	ann sees d1 -> 200 /state "accepted" /next has "await-agency"
	gale sees d1 -> 200 text lacks "lane" /holds has "agency" /acts has "lift-hold" /acts lacks "pay"
	gale reads cases?waiting=yes -> 200 /cases/*/reference has "{d1}" text lacks "lane"
	ann sees d1 -> 200 text lacks "acts"
	ann reads cases?waiting=yes -> 403 problem denied
	bob reads cases?office=XLHAR001&waiting=yes -> 422 problem invalid
	gale cannot tell d1 from d1
	kay does pay on d1 -> 201 /state "accepted"
	bob does lift-hold on d1 hold="agency" -> 403 refused hold-of-others
	ann does lift-hold on d1 hold="agency" -> 403 refused role
	gale does place-hold on d1 hold="permit" reason="x" -> 403 refused hold-of-others
	gale does pay on d1 -> 403
	gale does detain on d1 reason="x" -> 403 refused role
	gale does lift-hold on d1 hold="agency" -> 201
	gale reads cases?waiting=yes -> 200 /cases/*/reference lacks "{d1}"
	ann sees d1 -> 200 /state "released"
	gale reads cases -> 200 /cases/*/reference has "{d1}" text lacks "lane"

story "An agency asks for its hold again"
	ann posts import.json as d1 with /trader_reference "H-7" -> 201
	bob does place-hold on d1 hold="agency" agency="PHI" reason="a beetle" -> 201
	gale does lift-hold on d1 hold="agency" -> 201
	gale does lift-hold on d1 hold="agency" -> 409 refused no-such-hold
	gale does place-hold on d1 hold="agency" reason="another beetle" -> 201
	gale does place-hold on d1 hold="agency" reason="a third" -> 409 refused hold-stands
	gale does lift-hold on d1 hold="agency" -> 201
