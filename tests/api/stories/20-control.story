# Checks, examinations and questions.

story "Only the examiner of the case checks it"
	ann posts import.json as d1 with /trader_reference "C-1" with /shipment/items/0/commodity/description "Coffee of the yellow kind" -> 201
	bob does check-documents on d1 result="clean" -> 409 refused state
	sue does take-over on d1 officer="bob" reason="first" -> 201
	olga does check-documents on d1 result="clean" -> 403 problem denied refused not-examiner
	sue does check-documents on d1 result="clean" -> 403 refused not-examiner
	olga does release on d1 -> 403 refused not-examiner
	olga does query on d1 reason="what?" -> 403 refused not-examiner
	olga does examine on d1 result="clean" -> 409 refused no-inspection
	bob does examine on d1 result="clean" -> 409 problem case-state refused no-inspection
	bob does check-documents on d1 code="F1" -> 422 problem invalid refused result-missing
	bob does check-documents on d1 result="irregular" -> 422 refused code-missing
	bob does check-documents on d1 result="odd" -> 422 problem invalid
	bob does check-documents on d1 result="clean" -> 201
	bob does check-documents on d1 result="clean" -> 409 refused state

story "An irregularity holds what would end control until it is closed"
	ann posts import.json as d1 with /trader_reference "C-2" with /shipment/items/0/commodity/description "Coffee of the red kind" -> 201
	sue does take-over on d1 officer="bob" reason="first" -> 201
	olga does close on d1 reason="nothing" -> 409 refused no-irregularity
	bob does check-documents on d1 result="irregular" code="F1" reason="the invoice is not of these goods" -> 201 /state "documents"
	ann sees d1 -> 200 /state "documents-required" text lacks "irregular" text lacks "F1"
	olga reads notifications?office=XLHAR001&limit=500 -> 200 /notifications/[reference={d1}]/data/act has "check-documents"
	bob does check-documents on d1 result="clean" -> 409 refused irregularity-open
	bob does examine on d1 result="clean" -> 409 refused irregularity-open
	bob does release on d1 -> 409 refused irregularity-open
	bob does close on d1 -> 422 refused reason-missing
	bob does close on d1 reason="another invoice came" -> 201
	bob does check-documents on d1 result="clean" -> 201 /state "inspection"
	bob does examine on d1 result="irregular" code="Q2" -> 201 /state "inspection"
	olga does close on d1 reason="the scales were wrong" -> 201
	bob does examine on d1 result="clean" -> 201 /state "assessed"

story "A question and its answer"
	ann posts import.json as d1 with /trader_reference "C-3" with /shipment/items/0/commodity/description "Coffee of the yellow kind" -> 201
	sue does take-over on d1 officer="bob" reason="first" -> 201
	ann does reply on d1 reason="early" -> 409 refused state
	bob does query on d1 -> 422 refused reason-missing
	bob does query on d1 reason="Where is the certificate?" -> 201 /state "queried"
	ann sees d1 -> 200 /state "queried" /next has "reply"
	ann reads notifications?limit=500 -> 200 /notifications/[reference={d1}]/kind has "declaration.queried"
	bob does check-documents on d1 result="clean" -> 409 refused state
	ann does reply on d1 -> 422 refused reason-missing
	mallory does reply on d1 reason="here" -> 404 problem not-found
	bob does reply on d1 reason="here" -> 403 refused role
	ann uploads "the certificate" to d1 -> 201
	ann does reply on d1 reason="It is attached." -> 201 /state "documents-required"
	bob sees d1 -> 200 /state "documents"

story "A question is taken back"
	ann posts import.json as d1 with /trader_reference "C-4" with /shipment/items/0/commodity/description "Coffee of the yellow kind" -> 201
	sue does take-over on d1 officer="bob" reason="first" -> 201
	bob does withdraw-query on d1 -> 409 refused state
	bob does query on d1 reason="Is this coffee?" -> 201
	ann does withdraw-query on d1 -> 403 refused role
	bob does withdraw-query on d1 -> 201 /state "documents"

story "A supervisor gives the case to another examiner"
	ann posts import.json as d1 with /trader_reference "C-5" with /shipment/items/0/commodity/description "Coffee of the yellow kind" -> 201
	bob does take-over on d1 officer="bob" reason="mine" -> 403 refused role
	sue does take-over on d1 reason="first" -> 422 refused who-missing
	sue does take-over on d1 officer="bob" -> 422 refused reason-missing
	sue does take-over on d1 officer="bob" reason="first" -> 201 /examiner "bob"
	sue does take-over on d1 officer="olga" reason="bob is ill" -> 201 /examiner "olga"
	bob does check-documents on d1 result="clean" -> 403 refused not-examiner
	olga does check-documents on d1 result="clean" -> 201

story "Goods are detained and let go on"
	ann posts import.json as d1 with /trader_reference "C-6" -> 201
	bob does detain on d1 -> 422 refused reason-missing
	bob does lift-detention on d1 reason="x" -> 409 refused state
	bob does detain on d1 reason="a whisper" -> 201 /state "detained"
	ann sees d1 -> 200 /state "detained" /next has "await-customs" text lacks "whisper"
	ann reads notifications?limit=500 -> 200 /notifications/[reference={d1}]/kind has "declaration.detained"
		/notifications/[reference={d1}]/data/reason has "a whisper"
	bob does lift-detention on d1 -> 422 refused reason-missing
	ann does lift-detention on d1 reason="please" -> 403 refused role
	bob does lift-detention on d1 reason="nothing in it" -> 201 /state "assessed"

story "Goods that were released are detained and released again"
	ann posts import.json as d1 with /trader_reference "C-7" -> 201
	kay does pay on d1 -> 201 /state "released"
	olga does detain on d1 reason="a late tip" -> 201 /state "detained"
	carl sees d1 -> 200 /state "held"
	carl does exit on d1 -> 409 refused state
	bob does place-hold on d1 hold="permit" reason="which?" -> 409 refused already-released
	otto does secure on d1 until="{+3600}" -> 409 refused already-released
	olga does lift-detention on d1 reason="false alarm" -> 201 /state "released"

story "A question ends when the goods are detained"
	ann posts import.json as d1 with /trader_reference "C-8" with /shipment/items/0/commodity/description "Coffee of the yellow kind" -> 201
	sue does take-over on d1 officer="bob" reason="first" -> 201
	bob does query on d1 reason="what?" -> 201
	olga does detain on d1 reason="a tip" -> 201
	ann does reply on d1 reason="this" -> 409 refused state
	olga does lift-detention on d1 reason="done" -> 201 /state "documents"

story "What no act is"
	ann posts import.json as d1 with /trader_reference "C-9" -> 201
	bob does dance on d1 -> 422 problem invalid
	bob does allocate on d1 officer="bob" -> 422 problem invalid
	bob does lapse on d1 -> 422 problem invalid
	ann does amend on d1 -> 422 problem invalid
	ann does cancel on d1 -> 422 problem invalid
	ann does ask on d1 -> 422 problem invalid
	ann does lodge on d1 -> 422 problem invalid
	bob does detain on d1 reason="x" speed="1" -> 422 problem invalid
	bob does detain on d1 reason=1 -> 422 problem invalid
	kay does pay on d1 amount="0" -> 422 problem invalid
	kay does pay on d1 amount="-1.00" -> 422 problem invalid
	kay does pay on d1 amount="1.001" -> 422 problem invalid
	otto does secure on d1 until="tomorrow" -> 422 problem invalid
	bob does correct on d1 reason="x" -> 422 problem invalid
	ann sees d1 -> 200 /state "assessed" /paid "0.00"
