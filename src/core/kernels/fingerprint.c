/*
 * fingerprint.c
 *	  Hashes of strings that are the same everywhere and for good.
 *
 * nn_fingerprint is FarmHash's Fingerprint64 (Geoff Pike, Google, 2014), which
 * Keras's Hashing and lookups use; nn_siphash is SipHash-2-4 (Aumasson and
 * Bernstein, 2012), which Hashing uses with a salt.  Both read words little end first.
 */
#include "core/kernels/kernels.h"

#define K0 UINT64_C(0xc3a5c85c97cb3127)
#define K1 UINT64_C(0xb492b66fbe98f273)
#define K2 UINT64_C(0x9ae16a3b2f90404f)

typedef struct Pair
{
	uint64_t first;
	uint64_t second;
} Pair;

static uint64_t
word(const unsigned char *s, int bytes)
{
	uint64_t value = 0;

	for (int i = 0; i < bytes; i++)
		value |= (uint64_t) s[i] << (8 * i);
	return value;
}

static uint64_t
word64(const unsigned char *s)
{
	return word(s, 8);
}

/* To the right; by is from 1 to 63. */
static uint64_t
rotate(uint64_t value, int by)
{
	return value >> by | value << (64 - by);
}

static uint64_t
shift_mix(uint64_t value)
{
	return value ^ value >> 47;
}

static uint64_t
mix(uint64_t u, uint64_t v, uint64_t mul)
{
	uint64_t a = shift_mix((u ^ v) * mul);

	return shift_mix((v ^ a) * mul) * mul;
}

/* ---- FarmHash, by length ---- */

static uint64_t
hash_to_16(const unsigned char *s, size_t n)
{
	uint64_t mul = K2 + n * 2;

	if (n >= 8)
	{
		uint64_t a = word64(s) + K2, b = word64(s + n - 8);

		return mix(rotate(b, 37) * mul + a, (rotate(a, 25) + b) * mul, mul);
	}
	if (n >= 4)
		return mix(n + (word(s, 4) << 3), word(s + n - 4, 4), mul);
	if (n == 0)
		return K2;
	return shift_mix((s[0] + ((uint64_t) s[n / 2] << 8)) * K2 ^
					 (n + ((uint64_t) s[n - 1] << 2)) * K0) *
		K2;
}

static uint64_t
hash_to_32(const unsigned char *s, size_t n)
{
	uint64_t mul = K2 + n * 2;
	uint64_t a = word64(s) * K1, b = word64(s + 8);
	uint64_t c = word64(s + n - 8) * mul, d = word64(s + n - 16) * K2;

	return mix(rotate(a + b, 43) + rotate(c, 30) + d, a + rotate(b + K2, 18) + c, mul);
}

static uint64_t
hash_to_64(const unsigned char *s, size_t n)
{
	uint64_t mul = K2 + n * 2;
	uint64_t a = word64(s) * K2, b = word64(s + 8);
	uint64_t c = word64(s + n - 8) * mul, d = word64(s + n - 16) * K2;
	uint64_t y = rotate(a + b, 43) + rotate(c, 30) + d;
	uint64_t z = mix(y, a + rotate(b + K2, 18) + c, mul);
	uint64_t e = word64(s + 16) * mul, f = word64(s + 24);
	uint64_t g = (y + word64(s + n - 32)) * mul, h = (z + word64(s + n - 24)) * mul;

	return mix(rotate(e + f, 43) + rotate(g, 30) + h, e + rotate(f + a, 18) + g, mul);
}

static Pair
hash_32_weakly(const unsigned char *s, uint64_t a, uint64_t b)
{
	uint64_t z = word64(s + 24);
	uint64_t c;

	a += word64(s);
	b = rotate(b + a + z, 21);
	c = a;
	a += word64(s + 8) + word64(s + 16);
	b += rotate(a, 44);
	return (Pair){a + z, b + c};
}

/* What goes on from one 64 bytes to the next. */
typedef struct Long
{
	uint64_t x, y, z;
	Pair v, w;
} Long;

/* nine: 1, and 9 for the last. */
static void
hash_64_more(Long *at, const unsigned char *s, uint64_t mul, uint64_t nine)
{
	uint64_t x = rotate(at->x + at->y + at->v.first + word64(s + 8), 37) * mul;
	uint64_t y = rotate(at->y + at->v.second + word64(s + 48), 42) * mul;

	x ^= at->w.second * nine;
	y += at->v.first * nine + word64(s + 40);
	at->z = rotate(at->z + at->w.first, 33) * mul;
	at->v = hash_32_weakly(s, at->v.second * mul, x + at->w.first);
	at->w = hash_32_weakly(s + 32, at->z + at->w.second, y + word64(s + 16));
	at->x = at->z;
	at->y = y;
	at->z = x;
}

static uint64_t
hash_longer(const unsigned char *s, size_t n)
{
	const unsigned char *end = s + (n - 1) / 64 * 64;
	const unsigned char *last = s + n - 64;
	const uint64_t seed = 81;
	Long at = {.x = seed * K2 + word64(s), .y = seed * K1 + 113};
	uint64_t mul;

	at.z = shift_mix(at.y * K2 + 113) * K2;
	for (; s != end; s += 64)
		hash_64_more(&at, s, K1, 1);
	mul = K1 + ((at.z & 0xff) << 1);
	at.w.first += (n - 1) & 63;
	at.v.first += at.w.first;
	at.w.first += at.v.first;
	hash_64_more(&at, last, mul, 9);
	return mix(mix(at.v.first, at.w.first, mul) + shift_mix(at.y) * K0 + at.z,
			   mix(at.v.second, at.w.second, mul) + at.x, mul);
}

uint64_t
nn_fingerprint(const char *string, size_t n)
{
	const unsigned char *s = (const unsigned char *) string;

	return n <= 16 ? hash_to_16(s, n)
		: n <= 32  ? hash_to_32(s, n)
		: n <= 64  ? hash_to_64(s, n)
				   : hash_longer(s, n);
}

/* ---- SipHash ---- */

static void
sip_rounds(uint64_t v[4], int n)
{
	for (; n > 0; n--)
	{
		v[0] += v[1];
		v[2] += v[3];
		v[1] = rotate(v[1], 64 - 13) ^ v[0];
		v[3] = rotate(v[3], 64 - 16) ^ v[2];
		v[0] = rotate(v[0], 32);
		v[2] += v[1];
		v[0] += v[3];
		v[1] = rotate(v[1], 64 - 17) ^ v[2];
		v[3] = rotate(v[3], 64 - 21) ^ v[0];
		v[2] = rotate(v[2], 32);
	}
}

static void
sip_word(uint64_t v[4], uint64_t m)
{
	v[3] ^= m;
	sip_rounds(v, 2);
	v[0] ^= m;
}

uint64_t
nn_siphash(const char *string, size_t n, uint64_t key0, uint64_t key1)
{
	const unsigned char *s = (const unsigned char *) string;
	uint64_t v[4] = {
		key0 ^ UINT64_C(0x736f6d6570736575),
		key1 ^ UINT64_C(0x646f72616e646f6d),
		key0 ^ UINT64_C(0x6c7967656e657261),
		key1 ^ UINT64_C(0x7465646279746573),
	};
	size_t i = 0;

	for (; i + 8 <= n; i += 8)
		sip_word(v, word64(s + i));
	sip_word(v, word(s + i, (int) (n - i)) | (uint64_t) n << 56);
	v[2] ^= 0xff;
	sip_rounds(v, 4);
	return v[0] ^ v[1] ^ v[2] ^ v[3];
}
