/*
 * tokens.c
 *	  A set of tokens, numbered in the order they came.
 *
 * Lifetimes: everything is in the context given to nnet_tokens_make; a set
 * only grows.
 */
#include "pg/nnet.h"

typedef struct Token
{
	const char *bytes; /* NUL-terminated once it is in the set */
	int length;
} Token;

typedef struct TokenEntry
{
	Token token;
	uint32 hash;
	char status;
	int number;
} TokenEntry;

/*
 * Tokens are a few bytes, of which there are many: both of these are a few
 * instructions, without calls.  n bytes are read as words that may overlap.
 */
static inline uint64
load_word(const char *bytes)
{
	uint64 word;

	memcpy(&word, bytes, sizeof(word));
	return word;
}

static inline uint64
load_half(const char *bytes)
{
	uint32 word;

	memcpy(&word, bytes, sizeof(word));
	return word;
}

/* Of less than 8 bytes all of them in one word. */
static inline uint64
load_short(const char *bytes, int n)
{
	if (n >= 4)
		return load_half(bytes) | load_half(bytes + n - 4) << 32;
	if (n == 0)
		return 0;
	return (uint64) (uint8) bytes[0] | (uint64) (uint8) bytes[n / 2] << 8 |
		(uint64) (uint8) bytes[n - 1] << 16;
}

static inline uint64
mix(uint64 hash, uint64 word)
{
	hash = (hash ^ word) * UINT64CONST(0x9e3779b97f4a7c15);
	return hash ^ hash >> 29;
}

static inline uint32
hash_token(Token token)
{
	const char *bytes = token.bytes;
	int n = token.length;
	uint64 hash = (uint64) n;

	if (n < 8)
		return (uint32) (mix(mix(hash, load_short(bytes, n)), 0) >> 16);
	for (; n > 8; n -= 8, bytes += 8)
		hash = mix(hash, load_word(bytes));
	return (uint32) (mix(mix(hash, load_word(bytes + n - 8)), 0) >> 16);
}

static inline bool
same_token(Token a, Token b)
{
	int n = a.length;

	if (n != b.length)
		return false;
	if (n < 8)
		return load_short(a.bytes, n) == load_short(b.bytes, n);
	if (n > 32)
		return memcmp(a.bytes, b.bytes, (size_t) n) == 0;
	for (int i = 0; i < n - 8; i += 8)
		if (load_word(a.bytes + i) != load_word(b.bytes + i))
			return false;
	return load_word(a.bytes + n - 8) == load_word(b.bytes + n - 8);
}

#define SH_PREFIX tokens
#define SH_ELEMENT_TYPE TokenEntry
#define SH_KEY_TYPE Token
#define SH_KEY token
#define SH_HASH_KEY(tb, key) hash_token(key)
#define SH_EQUAL(tb, a, b) same_token(a, b)
#define SH_STORE_HASH
#define SH_GET_HASH(tb, a) (a)->hash
#define SH_SCOPE static inline
#define SH_DECLARE
#define SH_DEFINE
#include "lib/simplehash.h"

struct NnetTokens
{
	MemoryContext context;
	tokens_hash *hash;
	int n;
	int room;
	Token *list; /* by number */
};

NnetTokens *
nnet_tokens_make(MemoryContext context)
{
	NnetTokens *tokens = MemoryContextAllocZero(context, sizeof(NnetTokens));

	tokens->context = context;
	tokens->hash = tokens_create(context, 64, NULL);
	return tokens;
}

int
nnet_tokens_find(const NnetTokens *tokens, const char *bytes, int length)
{
	TokenEntry *entry = tokens_lookup(tokens->hash, (Token){bytes, length});

	return entry == NULL ? -1 : entry->number;
}

int
nnet_tokens_add(NnetTokens *tokens, const char *bytes, int length)
{
	Token token = {bytes, length};
	bool found;
	TokenEntry *entry = tokens_insert(tokens->hash, token, &found);
	char *copy;

	if (found)
		return entry->number;
	copy = MemoryContextAlloc(tokens->context, length + 1);
	memcpy(copy, bytes, length);
	copy[length] = '\0';
	entry->token.bytes = copy;
	entry->number = tokens->n;
	if (tokens->n == tokens->room)
	{
		tokens->room = Max(64, 2 * tokens->room);
		tokens->list = tokens->list == NULL
			? MemoryContextAllocHuge(tokens->context, tokens->room * sizeof(Token))
			: repalloc_huge(tokens->list, tokens->room * sizeof(Token));
	}
	tokens->list[tokens->n] = entry->token;
	return tokens->n++;
}

int
nnet_tokens_count(const NnetTokens *tokens)
{
	return tokens->n;
}

const char *
nnet_tokens_get(const NnetTokens *tokens, int number)
{
	return tokens->list[number].bytes;
}
