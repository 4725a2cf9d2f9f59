/* The hub's certificate and key. With server.c the only place that knows what TLS is made of (GnuTLS, which libmicrohttpd stands
 * on; TLS 1.2 and 1.3, RFC 5246 and RFC 8446).
 *
 * One certificate a process: the callback through which a connection asks for it is given nothing to tell two servers by. */
#ifndef CUSTOMHOUSE_HTTP_TLS_H
#define CUSTOMHOUSE_HTTP_TLS_H

#include <gnutls/abstract.h>

#include "base/base.h"

struct tls;

/* TLS 1.2 and 1.3, forward secrecy, authenticated encryption, nothing below 128 bits. P-256 and 2048 bits of RSA are enough for a
 * certificate, because public authorities issue little else. */
#define TLS_PRIORITIES                                                                             \
	"SECURE128:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2:-KX-ALL:+ECDHE-ECDSA:+ECDHE-RSA:"           \
	"-CIPHER-ALL:+AES-256-GCM:+CHACHA20-POLY1305:+AES-128-GCM:-MAC-ALL:+AEAD:"                 \
	"%SERVER_PRECEDENCE"

/* Reads a certificate, with those between it and its authority behind it, and its key, both PEM. The paths are kept for
 * tls_reload() and must outlive *ret.
 *   ERR_IO           a file cannot be read
 *   ERR_DENIED       others may read the key
 *   ERR_FORMAT       it is no certificate or key, they do not belong together, it holds on another day than today, or the key is
 *                    weak: the text says which
 *   ERR_BUSY         the process has one open
 *   ERR_UNSUPPORTED  the library underneath was built without TLS
 *   ERR_NOMEM */
enum err tls_open(const char *certificate, const char *key, struct tls **ret,
		  struct cause *why) MUST_CHECK;
/* Reads the files again, for the connections to come. After an error the old ones stay. Errors as above. */
enum err tls_reload(struct tls *t, struct cause *why) MUST_CHECK;
/* After the server has stopped. NULL is allowed. */
void tls_close(struct tls *t);

/* Is the certificate for a host of this name? From any thread. */
bool tls_names(const struct tls *t, const char *host);

/* For the library: what a connection presents. */
gnutls_certificate_retrieve_function3 tls_present;

#endif
