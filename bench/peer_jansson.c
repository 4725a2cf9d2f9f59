#include "peer_jansson.h"

#include <jansson.h>

bool peer_jansson_read(const char *p, size_t n)
{
	json_t *value = json_loadb(p, n, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, NULL);
	bool read = value != NULL;

	json_decref(value);
	return read;
}
