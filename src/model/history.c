#include "model/history.h"

const char *history_kind_name(enum history_kind k)
{
	static const char *const names[HISTORY_KINDS] = {
	    [HISTORY_IMPORTER] = "importer",   [HISTORY_DECLARANT] = "declarant",
	    [HISTORY_EXPORTER] = "exporter",   [HISTORY_OFFICE] = "office",
	    [HISTORY_CHAPTER] = "chapter",     [HISTORY_HEADING] = "heading",
	    [HISTORY_COMMODITY] = "commodity", [HISTORY_ORIGIN] = "origin",
	    [HISTORY_PAIR] = "pair",           [HISTORY_PRICES] = "prices",
	};

	return names[k];
}
