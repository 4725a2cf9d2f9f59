/* The first line is what a provider publishes as its keys, the rest an ID token. Whatever they are: a verdict, and a login only
 * within its bounds. The corpus has tokens that hold at the moment below. */
#include "fuzz.h"
#include "hub/people/oidc_token.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span token = fuzz_span(data, size), keys = span_cut(&token, '\n');
	const struct oidc_wanted wanted = {.issuer = SPAN("https://id.example"),
					   .client = SPAN("hub"),
					   .nonce = SPAN("n-1"),
					   .claim = "preferred_username",
					   .groups = "groups",
					   .now = 1795305600};
	struct cause why = {0};
	struct oidc_named named = {.group = NULL};
	enum err e = oidc_token_check(fuzz_arena(), keys, token, &wanted, &named, &why);

	BUG_ON(e && (why.err != e || !why.text[0]));
	BUG_ON(!e && (!named.login.n || named.login.n > OIDC_LOGIN_BYTES ||
		      !span_valid_utf8(named.login)));
	BUG_ON(!e && named.groups > OIDC_GROUPS);
	return 0;
}
