#include "hub/submit.h"
#include <microhttpd.h>
int ok = MHD_HTTP_OK;
