/* Any class of the dictionary as JSON: what the JSON formats share. Private to msg/. */
#ifndef CUSTOMHOUSE_MSG_JSON_DICT_H
#define CUSTOMHOUSE_MSG_JSON_DICT_H

#include "codec/json.h"
#include "msg/decode.h"

/* Fills the decoder's root from an object, all of it, and leaves through the arena when memory ends. path: where the object
 * stands in the message, "" or "/cargo_report". false: no member is a field of the root. */
bool msg_json_fill(struct decoder *d, const struct json *object, const char *path);

/* The members of an object of the class, in dictionary order, absent ones left out. */
void msg_json_class(struct json_writer *w, const struct dict_class *c, const void *object);

#endif
