#include "hub/edition/validation.h"

const char *validation_severity(enum integrity_severity s)
{
	return s == INTEGRITY_ERROR ? "error" : "warning";
}

void validation_write(struct json_writer *w, const struct integrity *i)
{
	json_name(w, "rules");
	json_open_array(w);
	for (enum integrity_rule r = 0; r < INTEGRITY_RULES; r++) {
		json_open_object(w);
		json_put_c(w, "rule", integrity_texts[r].name);
		json_put_c(w, "origin", integrity_texts[r].origin);
		json_put_c(w, "severity", validation_severity(integrity_texts[r].severity));
		json_put_c(w, "text", integrity_texts[r].text);
		json_put_int(w, "broken", i->broken[r]);
		json_close_object(w);
	}
	json_close_array(w);
	json_name(w, "faults");
	json_open_array(w);
	for (uint32_t n = 0; n < i->faults.list.n; n++) {
		const struct pack_fault *f = &i->faults.list.v[n];

		json_open_object(w);
		json_put_c(w, "rule", f->rule);
		json_put(w, "file", f->file);
		json_put_int(w, "line", f->line);
		json_put_c(w, "text", f->text);
		json_close_object(w);
	}
	json_close_array(w);
	json_put_bool(w, "sound", !integrity_refuses(i));
}
