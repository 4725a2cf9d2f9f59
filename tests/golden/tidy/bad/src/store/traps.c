static const char folded[] = "SELECT a FROM b WHERE c LIKE $1";
static const char order[] = "UPDATE b SET a = $2 WHERE c = $1";
static const char gap[] = "SELECT a FROM b WHERE c = $1"
			  " AND d = $3";
static const char of_one[] = "SELECT a::text FROM b";
static const char cut[] = "SELECT CAST(a AS BIGINT) FROM b";
static const char sum[] = "SELECT SUM(a) FROM b";
static const char larger[] = "SELECT GREATEST(a, c) FROM b";
static const char clock[] = "SELECT a FROM b WHERE at < NOW() OR at > CURRENT_TIMESTAMP";
static const char either[] = "INSERT OR IGNORE INTO b VALUES ($1)";
