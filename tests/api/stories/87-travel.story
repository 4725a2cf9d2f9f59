# Travellers, and the officer at the exit.

story "What is free, what is due, and which exit"
	nobody reads travel -> 200 /currency "XLD" /goods/[goods=wine]/adult "4" /offices/*/code has "XLHAR001"
		/offices/*/code lacks "XLCAP031"
	nobody sends POST travel/assessment goods=[] -> 200 /exit "green" /total "0.00"

story "A code to show, an officer who reads it, once"
	nobody sends POST travel office="XLHAR001" from="FR" -> 201 keep v /code
		/exit "green" /total "0.00" /adults 1 text lacks "look" text lacks "random"
	nobody reads travel/{v} -> 401
	mallory reads travel/{v} -> 404
	far reads travel/{v} -> 404
	bob reads travel/{v} -> 200 /exit "green" /why lacks "declared" /from "FR" /result is missing
	aud reads travel/{v} -> 200 /look is there
	ann sends POST travel/{v}/passage result="passed" -> 404
	far sends POST travel/{v}/passage result="passed" -> 404
	bob sends POST travel/{v}/passage result="irregular" -> 422 problem invalid
	bob sends POST travel/{v}/passage result="passed" -> 200 /result "passed" /passed_at is there /by "bob"
	bob sends POST travel/{v}/passage result="passed" -> 409 problem case-state
	nobody reads /travel/{v} -> 200 text has "You passed the exit"
	nobody reads /travel/V0000-0000-0000-0000 -> 404
	bob reads travel/V000-0000-0000-0000 -> 404

story "What makes no sense is not kept"
	nobody sends POST travel office="XLNONE" from="FR" -> 422 problem invalid
	nobody sends POST travel office="XLHAR001" from="ZZ" -> 422 problem invalid
	nobody sends POST travel office="XLHAR001" from="FR" name="Ann" -> 422 problem invalid
