#include "codec/xml.h"
#include "msg/msg.h"
