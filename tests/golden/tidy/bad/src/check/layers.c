#include "check/check.h"
#include <sqlite3.h>
#include "base/clock.h"
#include "duty/duty.h"
#include "hub/submit.h"
#include "check.h"
#include "model/declaration.h"
