#include <math.h>
#include <sqlite3.h>
static double half = 0.5;
int n = atoi("1");
