static const char statement[] = "  SELECT a FROM b";
static const char another[] = "BEGIN IMMEDIATE";
int status = MHD_HTTP_OK;
