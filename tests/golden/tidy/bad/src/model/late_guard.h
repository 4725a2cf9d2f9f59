#include "base/base.h"
#ifndef CUSTOMHOUSE_MODEL_LATE_GUARD_H
#define CUSTOMHOUSE_MODEL_LATE_GUARD_H
#endif
