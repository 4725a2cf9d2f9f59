#include "http/tls.h"

#include <errno.h>
#include <fcntl.h>
#include <gnutls/x509.h>
#include <microhttpd.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/date.h"
#include "base/hash.h"
#include "base/log.h"

enum {
	FILE_BYTES = 256 << 10,
	CHAIN_MAX = 10,
};

/* One reading of the files. Never changed; kept until the end, because a handshake may still use an older one. */
struct identity {
	struct identity *older;
	struct hash hash; /* of both files: the same again is not read twice */
	gnutls_x509_crt_t chain[CHAIN_MAX];
	gnutls_pcert_st presented[CHAIN_MAX];
	unsigned certificates, presentable;
	gnutls_privkey_t key;
};

struct tls {
	const char *certificate, *key; /* paths */
	struct identity *newest;       /* the caller's of tls_reload() */
};

/* What tls_present() gives. */
static _Atomic(struct identity *) in_use;

/* ---- reading ---- */

/* A key that others can read is no longer a secret. Who may: this user; or, of root's file, a group that root chose. */
static enum err check_key_mode(const char *path, const struct stat *st, struct cause *why)
{
	const unsigned mode = st->st_mode & 0777;
	const bool by_root = st->st_uid == 0 && geteuid() != 0;

	if (mode & (by_root ? 0037u : 0077u))
		return fail(why, ERR_DENIED,
			    "%s: others may read this key (mode %04o): chmod %s it, and renew it "
			    "if the machine has users whom it was open to",
			    path, mode, by_root ? "0640" : "0600");
	return ERR_NONE;
}

struct contents {
	unsigned char *p;
	unsigned n;
};

static void forget(struct contents *c)
{
	if (c->p)
		explicit_bzero(c->p, c->n);
	free(c->p);
	*c = (struct contents){NULL, 0};
}

static enum err read_all(int fd, const char *path, struct contents *ret, struct cause *why)
{
	ssize_t got = 1;

	while (got > 0 && ret->n <= FILE_BYTES) {
		got = read(fd, ret->p + ret->n, FILE_BYTES + 1 - ret->n);
		ret->n += got > 0 ? (unsigned)got : 0;
	}
	if (got < 0)
		return fail(why, ERR_IO, "%s: %s", path, strerror(errno));
	return ret->n <= FILE_BYTES
		   ? ERR_NONE
		   : fail(why, ERR_FORMAT, "%s: too large for a certificate or key", path);
}

static enum err read_file(const char *path, bool secret, struct contents *ret, struct cause *why)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat st;
	enum err e = ERR_NONE;

	if (fd < 0)
		return fail(why, ERR_IO, "%s: %s", path, strerror(errno));
	if (fstat(fd, &st))
		e = fail(why, ERR_IO, "%s: %s", path, strerror(errno));
	else if (!S_ISREG(st.st_mode))
		e = fail(why, ERR_IO, "%s: not a file", path);
	else if (secret)
		e = check_key_mode(path, &st, why);
	if (!e) {
		ret->p = calloc(1, FILE_BYTES + 1);
		e = ret->p ? read_all(fd, path, ret, why) : fail(why, ERR_NOMEM, "no memory");
	}
	close(fd);
	return e;
}

/* ---- what was read ---- */

static void day_text(time_t at, char ret[11])
{
	int year, month, day;

	day_split(day_of((int64_t)at * 1000000, 0), &year, &month, &day);
	snprintf(ret, 11, "%04u-%02u-%02u", (unsigned)year % 10000, (unsigned)month % 100,
		 (unsigned)day % 100);
}

/* What every client would refuse is refused here, where somebody reads why. */
static enum err check_certificate(const struct tls *t, gnutls_x509_crt_t c, struct cause *why)
{
	const time_t now = (time_t)(clock_now() / 1000000),
		     from = gnutls_x509_crt_get_activation_time(c),
		     to = gnutls_x509_crt_get_expiration_time(c);
	char first[11], last[11];
	unsigned bits = 0;
	int kind = gnutls_x509_crt_get_pk_algorithm(c, &bits);

	day_text(from, first);
	day_text(to, last);
	if (now < from || now > to)
		return fail(why, ERR_FORMAT,
			    "%s: the certificate holds from %s to %s, and not today: renew it",
			    t->certificate, first, last);
	if (kind < 0 || gnutls_pk_bits_to_sec_param((gnutls_pk_algorithm_t)kind, bits) <
			    GNUTLS_SEC_PARAM_MEDIUM)
		return fail(why, ERR_FORMAT,
			    "%s: its key is too weak (%u bits): take 2048 of RSA or more, or P-256",
			    t->certificate, bits);
	return ERR_NONE;
}

static enum err read_chain(const struct tls *t, struct identity *id, const struct contents *pem,
			   struct cause *why)
{
	const gnutls_datum_t bytes = {pem->p, pem->n};
	unsigned n = CHAIN_MAX;
	int failed;

	failed = gnutls_x509_crt_list_import(id->chain, &n, &bytes, GNUTLS_X509_FMT_PEM,
					     GNUTLS_X509_CRT_LIST_IMPORT_FAIL_IF_EXCEED);
	if (failed < 0)
		return fail(why, ERR_FORMAT, "%s: no certificate in PEM (%s)", t->certificate,
			    gnutls_strerror(failed));
	id->certificates = n;
	id->presentable = n;
	/* Sorted: the hub's own first, each followed by the one that signed it. */
	failed = gnutls_pcert_import_x509_list(id->presented, id->chain, &id->presentable,
					       GNUTLS_X509_CRT_LIST_SORT);
	if (failed < 0) {
		id->presentable = 0;
		return fail(why, ERR_FORMAT,
			    "%s: these certificates do not follow from one another (%s)",
			    t->certificate, gnutls_strerror(failed));
	}
	return check_certificate(t, id->chain[0], why);
}

static enum err read_key(const struct tls *t, struct identity *id, const struct contents *pem,
			 struct cause *why)
{
	const gnutls_datum_t bytes = {pem->p, pem->n};
	int failed = gnutls_privkey_init(&id->key);

	if (failed < 0)
		return fail(why, ERR_NOMEM, "no memory");
	failed = gnutls_privkey_import_x509_raw(id->key, &bytes, GNUTLS_X509_FMT_PEM, NULL,
						GNUTLS_PKCS_PLAIN | GNUTLS_PKCS_NULL_PASSWORD);
	if (failed == GNUTLS_E_DECRYPTION_FAILED)
		return fail(why, ERR_FORMAT,
			    "%s: the key is locked with a password; the hub starts by itself and "
			    "has nobody to ask: store it without one",
			    t->key);
	return failed < 0 ? fail(why, ERR_FORMAT, "%s: no private key in PEM (%s)", t->key,
				 gnutls_strerror(failed))
			  : ERR_NONE;
}

/* A certificate speaks for one key. */
static enum err check_pair(const struct tls *t, const struct identity *id, struct cause *why)
{
	unsigned char a[32], b[32];
	size_t a_bytes = sizeof(a), b_bytes = sizeof(b);
	gnutls_pubkey_t public;
	bool same = false;

	if (gnutls_pubkey_init(&public) < 0)
		return fail(why, ERR_NOMEM, "no memory");
	if (gnutls_pubkey_import_privkey(public, id->key, 0, 0) >= 0 &&
	    gnutls_pubkey_get_key_id(public, GNUTLS_KEYID_USE_SHA256, a, &a_bytes) >= 0 &&
	    gnutls_x509_crt_get_key_id(id->chain[0], GNUTLS_KEYID_USE_SHA256, b, &b_bytes) >= 0)
		same = a_bytes == b_bytes && !memcmp(a, b, a_bytes);
	gnutls_pubkey_deinit(public);
	return same
		   ? ERR_NONE
		   : fail(why, ERR_FORMAT, "%s: this is not the key of the first certificate in %s",
			  t->key, t->certificate);
}

static void identity_free(struct identity *id)
{
	for (unsigned i = 0; i < id->presentable; i++)
		gnutls_pcert_deinit(&id->presented[i]);
	for (unsigned i = 0; i < id->certificates; i++)
		gnutls_x509_crt_deinit(id->chain[i]);
	if (id->key)
		gnutls_privkey_deinit(id->key);
	free(id);
}

static enum err read_identity(struct tls *t, const struct contents *certificate,
			      const struct contents *key, struct cause *why)
{
	const struct span both[] = {{(const char *)certificate->p, certificate->n, 0},
				    {(const char *)key->p, key->n, 0}};
	const struct hash hash = hash_pieces(both, ARRAY_LEN(both));
	struct identity *id;
	char expires[11];
	enum err e;

	if (t->newest && hash_equal(&t->newest->hash, &hash))
		return ERR_NONE;
	id = calloc(1, sizeof(*id));
	if (!id)
		return fail(why, ERR_NOMEM, "no memory");
	id->hash = hash;
	e = read_chain(t, id, certificate, why);
	if (!e)
		e = read_key(t, id, key, why);
	if (!e)
		e = check_pair(t, id, why);
	if (e) {
		identity_free(id);
		return e;
	}
	day_text(gnutls_x509_crt_get_expiration_time(id->chain[0]), expires);
	log_event("tls.certificate", "expires=%s", expires);
	id->older = t->newest;
	t->newest = id;
	atomic_store(&in_use, id);
	return ERR_NONE;
}

enum err tls_reload(struct tls *t, struct cause *why)
{
	struct contents certificate = {NULL, 0}, key = {NULL, 0};
	enum err e = read_file(t->certificate, false, &certificate, why);

	if (!e)
		e = read_file(t->key, true, &key, why);
	if (!e)
		e = read_identity(t, &certificate, &key, why);
	forget(&certificate);
	forget(&key);
	return e;
}

enum err tls_open(const char *certificate, const char *key, struct tls **ret, struct cause *why)
{
	struct tls *t;
	enum err e;

	if (MHD_is_feature_supported(MHD_FEATURE_TLS) != MHD_YES ||
	    MHD_is_feature_supported(MHD_FEATURE_HTTPS_CERT_CALLBACK2) != MHD_YES)
		return fail(why, ERR_UNSUPPORTED, "libmicrohttpd was built without TLS here");
	if (atomic_load(&in_use))
		return fail(why, ERR_BUSY, "this process serves TLS already");
	t = calloc(1, sizeof(*t));
	if (!t)
		return fail(why, ERR_NOMEM, "no memory");
	*t = (struct tls){certificate, key, NULL};
	e = tls_reload(t, why);
	if (e) {
		tls_close(t);
		return e;
	}
	*ret = t;
	return ERR_NONE;
}

void tls_close(struct tls *t)
{
	struct identity *id;

	if (!t)
		return;
	if (t->newest)
		atomic_store(&in_use, NULL);
	while ((id = t->newest)) {
		t->newest = id->older;
		identity_free(id);
	}
	free(t);
}

/* ---- asked while it serves ---- */

bool tls_names(const struct tls *t, const char *host)
{
	const struct identity *id = atomic_load(&in_use);

	(void)t; /* there is one */
	return id && gnutls_x509_crt_check_hostname(id->chain[0], host);
}

int tls_present(gnutls_session_t session, const struct gnutls_cert_retr_st *info,
		gnutls_pcert_st **ret, unsigned *ret_n, gnutls_ocsp_data_st **ret_ocsp,
		unsigned *ret_ocsp_n, gnutls_privkey_t *ret_key, unsigned *flags)
{
	struct identity *id = atomic_load(&in_use);

	(void)session;
	(void)info;
	BUG_ON(!id);
	*ret = id->presented;
	*ret_n = id->presentable;
	*ret_ocsp = NULL;
	*ret_ocsp_n = 0;
	*ret_key = id->key;
	*flags = 0; /* they stay ours */
	return 0;
}
