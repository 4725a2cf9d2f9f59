/* A test's own server as one of several nodes: serve_nodes says in its environment which one it is. */
#ifndef CUSTOMHOUSE_TESTS_API_TEST_NODE_H
#define CUSTOMHOUSE_TESTS_API_TEST_NODE_H

#include <stdio.h>
#include <stdlib.h>

#include "http/http.h"
#include "hub/hub.h"

struct test_node {
	struct node_options options;
	char address[64], socket[200];
};

/* n lives as long as the hub. The first node has what its command line says; the others a folder and a socket of their own. */
static inline void test_be_node(struct test_node *n, struct hub_options *ho,
				struct http_options *so)
{
	const char *name = getenv("CUSTOMHOUSE_TEST_NODE");

	if (!name)
		return;
	so->listen = getenv("CUSTOMHOUSE_TEST_NODE_LISTEN");
	ho->where = getenv("CUSTOMHOUSE_TEST_NODE_DATA");
	snprintf(n->address, sizeof(n->address), "http://%s", so->listen);
	snprintf(n->socket, sizeof(n->socket), "%s/hub.sock", ho->where);
	n->options = (struct node_options){.name = name, .address = n->address};
	ho->node = &n->options;
	if (getenv("CUSTOMHOUSE_TEST_NODE_OTHER"))
		ho->socket = so->socket = n->socket;
}

#endif
