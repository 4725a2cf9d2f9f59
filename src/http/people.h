/* What the routes of people share: how they are written as JSON. */
#ifndef CUSTOMHOUSE_HTTP_PEOPLE_H
#define CUSTOMHOUSE_HTTP_PEOPLE_H

#include "http/request.h"

void people_write_roles(struct json_writer *w, unsigned roles);
void people_write_scopes(struct json_writer *w, unsigned scopes);
void people_write_list(struct json_writer *w, const char *name, const struct who_list *list);
void people_write_moment(struct json_writer *w, struct arena *a, const char *name, int64_t moment);

#endif
