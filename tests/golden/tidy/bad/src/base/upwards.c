#include "base/base.h"
#include "codec/json.h"
