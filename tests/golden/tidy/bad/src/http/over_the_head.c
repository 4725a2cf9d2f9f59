#include "store/store.h"
#include "http/http.h"
