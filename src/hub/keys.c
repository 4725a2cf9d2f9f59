#include "hub/keys.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"

enum {
	HUB_BOX = crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES + DRAW_KEY_BYTES,
	AUDITOR_BOX = crypto_box_SEALBYTES + DRAW_KEY_BYTES,
	PATH_MAX_BYTES = 4096,
};

static enum err refuse(struct cause *why, const char *path)
{
	return fail(why, errno == ENOENT ? ERR_NOT_FOUND : ERR_IO, "%s: %s", path, strerror(errno));
}

enum err keys_read_file(const char *path, uint8_t ret[32], struct cause *why)
{
	char text[80] = {0};
	struct hash h;
	ssize_t n;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return refuse(why, path);
	n = read(fd, text, sizeof(text) - 1);
	close(fd);
	if (n < 0)
		return refuse(why, path);
	if (hash_from_hex(span_trim((struct span){text, (uint32_t)n, 1}), &h))
		return fail(why, ERR_FORMAT, "%s: not a key of 64 hexadecimal digits", path);
	memcpy(ret, h.byte, 32);
	sodium_memzero(text, sizeof(text));
	return ERR_NONE;
}

/* Writes a key that is not there yet, durable before it is used. */
static enum err write_file(const char *path, const uint8_t key[32], mode_t mode, struct cause *why)
{
	char text[66];
	struct hash h;
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
	bool ok;

	if (fd < 0)
		return refuse(why, path);
	memcpy(h.byte, key, 32);
	hash_hex(&h, text);
	text[64] = '\n';
	ok = write(fd, text, 65) == 65 && fsync(fd) == 0;
	ok = close(fd) == 0 && ok;
	sodium_memzero(text, sizeof(text));
	sodium_memzero(&h, sizeof(h));
	return ok ? ERR_NONE : refuse(why, path);
}

/* Where one key lies, and how it comes to be. */
struct place {
	const char *directory;
	bool create;
	struct cause *why;
};

static enum err key_path(const struct place *p, const char *name, char path[PATH_MAX_BYTES])
{
	int n = snprintf(path, PATH_MAX_BYTES, "%s/keys/%s", p->directory, name);

	return n < PATH_MAX_BYTES
		   ? ERR_NONE
		   : fail(p->why, ERR_LIMIT, "%s: the path is too long", p->directory);
}

static enum err secret(const struct place *p, const char *name, uint8_t ret[32])
{
	char path[PATH_MAX_BYTES];
	struct stat st;
	enum err e = key_path(p, name, path);

	if (e)
		return e;
	if (stat(path, &st)) {
		if (errno != ENOENT || !p->create)
			return refuse(p->why, path);
		random_bytes(ret, 32);
		return write_file(path, ret, 0600, p->why);
	}
	if (st.st_mode & 077)
		return fail(p->why, ERR_DENIED, "%s can be read by others: chmod 600 it", path);
	return keys_read_file(path, ret, p->why);
}

static enum err make_directory(const struct place *p)
{
	char path[PATH_MAX_BYTES];
	enum err e = key_path(p, "", path);

	if (!e && p->create && mkdir(path, 0700) && errno != EEXIST)
		e = refuse(p->why, path);
	return e;
}

/* The auditor's public key: as put there, or of a pair made now. */
static enum err auditor(const struct place *p, struct keys *k)
{
	char path[PATH_MAX_BYTES], secret_path[PATH_MAX_BYTES];
	uint8_t own[32];
	enum err e = key_path(p, "auditor.pub", path);

	if (e || (e = key_path(p, "auditor.key", secret_path)))
		return e;
	if (access(path, F_OK) == 0 || !p->create)
		return keys_read_file(path, k->auditor_public, p->why);
	crypto_box_keypair(k->auditor_public, own);
	e = write_file(secret_path, own, 0600, p->why);
	sodium_memzero(own, sizeof(own));
	return e ? e : write_file(path, k->auditor_public, 0644, p->why);
}

static enum err public_half(const struct place *p, struct keys *k)
{
	char path[PATH_MAX_BYTES];
	uint8_t stored[32];
	enum err e = key_path(p, "signing.pub", path);

	if (e)
		return e;
	if (!p->create)
		return keys_read_file(path, k->sign_public, p->why);
	e = sign_public_key(k->sign_seed, k->sign_public);
	if (e || access(path, F_OK))
		return e ? e : write_file(path, k->sign_public, 0644, p->why);
	e = keys_read_file(path, stored, p->why);
	if (!e && memcmp(stored, k->sign_public, 32))
		e = fail(p->why, ERR_CONFLICT, "%s does not belong to signing.key", path);
	return e;
}

bool keys_are_there(const char *directory)
{
	const struct place p = {directory, false, NULL};
	char path[PATH_MAX_BYTES];

	return !key_path(&p, "signing.key", path) && !access(path, F_OK);
}

enum err keys_open(const char *directory, bool create, struct keys *ret, struct cause *why)
{
	const struct place p = {directory, create, why};
	struct keys k = {.can_sign = create};
	enum err e = make_directory(&p);

	if (!e && sodium_init() < 0)
		e = fail(why, ERR_IO, "no source of randomness");
	if (!e && create)
		e = secret(&p, "signing.key", k.sign_seed);
	if (!e && create)
		e = secret(&p, "seal.key", k.seal);
	if (!e)
		e = public_half(&p, &k);
	if (!e)
		e = auditor(&p, &k);
	if (!e)
		*ret = k;
	sodium_memzero(&k, sizeof(k));
	return e;
}

void keys_forget(struct keys *k)
{
	sodium_memzero(k, sizeof(*k));
}

struct span keys_seal(struct arena *a, const struct keys *k, const uint8_t key[DRAW_KEY_BYTES])
{
	uint8_t *to = arena_try(a, HUB_BOX + AUDITOR_BOX);

	if (!to)
		return (struct span){NULL, 0, 0};
	random_bytes(to, crypto_secretbox_NONCEBYTES);
	crypto_secretbox_easy(to + crypto_secretbox_NONCEBYTES, key, DRAW_KEY_BYTES, to, k->seal);
	crypto_box_seal(to + HUB_BOX, key, DRAW_KEY_BYTES, k->auditor_public);
	return (struct span){(const char *)to, HUB_BOX + AUDITOR_BOX, 0};
}

enum err keys_unseal(const struct keys *k, struct span sealed, uint8_t ret[DRAW_KEY_BYTES])
{
	const uint8_t *p = (const uint8_t *)sealed.p;

	if (sealed.n != HUB_BOX + AUDITOR_BOX ||
	    crypto_secretbox_open_easy(ret, p + crypto_secretbox_NONCEBYTES,
				       HUB_BOX - crypto_secretbox_NONCEBYTES, p, k->seal))
		return ERR_DENIED;
	return ERR_NONE;
}

enum err keys_unseal_auditor(const uint8_t auditor_secret[32], struct span sealed,
			     uint8_t ret[DRAW_KEY_BYTES])
{
	uint8_t public_key[32];

	if (sealed.n != HUB_BOX + AUDITOR_BOX ||
	    crypto_scalarmult_base(public_key, auditor_secret) ||
	    crypto_box_seal_open(ret, (const uint8_t *)sealed.p + HUB_BOX, AUDITOR_BOX, public_key,
				 auditor_secret))
		return ERR_DENIED;
	return ERR_NONE;
}

enum {
	SECRET_NONCE = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES,
	SECRET_MAC = crypto_aead_xchacha20poly1305_ietf_ABYTES,
};

/* A key of its own for each use. */
static struct hash secrets_key(const struct keys *k)
{
	return hash_hmac(k->seal, sizeof(k->seal), (struct span[]){SPAN("secrets 1")}, 1);
}

struct span keys_seal_secret(struct arena *a, const struct keys *k, struct span context,
			     struct span secret)
{
	const size_t n = (size_t)SECRET_NONCE + secret.n + SECRET_MAC;
	uint8_t *to = arena_try(a, n);
	struct hash key = secrets_key(k);

	if (!to)
		return (struct span){NULL, 0, 0};
	random_bytes(to, SECRET_NONCE);
	crypto_aead_xchacha20poly1305_ietf_encrypt(
	    to + SECRET_NONCE, NULL, (const uint8_t *)secret.p, secret.n,
	    (const uint8_t *)context.p, context.n, NULL, to, key.byte);
	sodium_memzero(&key, sizeof(key));
	return (struct span){(const char *)to, (uint32_t)n, 0};
}

enum err keys_open_secret(struct arena *a, const struct keys *k, struct span context,
			  struct span sealed, struct span *ret)
{
	const uint8_t *p = (const uint8_t *)sealed.p;
	struct hash key;
	uint8_t *to;
	int failed;

	if (sealed.n < SECRET_NONCE + SECRET_MAC)
		return ERR_DENIED;
	to = arena_try(a, sealed.n);
	if (!to)
		return ERR_NOMEM;
	key = secrets_key(k);
	failed = crypto_aead_xchacha20poly1305_ietf_decrypt(
	    to, NULL, NULL, p + SECRET_NONCE, sealed.n - SECRET_NONCE, (const uint8_t *)context.p,
	    context.n, p, key.byte);
	sodium_memzero(&key, sizeof(key));
	if (failed)
		return ERR_DENIED;
	*ret = (struct span){(const char *)to, sealed.n - SECRET_NONCE - SECRET_MAC, 0};
	return ERR_NONE;
}
