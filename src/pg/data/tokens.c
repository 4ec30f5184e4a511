/*
 * tokens.c
 *	  A set of tokens, numbered in the order they came.
 *
 * Lifetimes: everything is in the context given to nnet_tokens_make; a set
 * only grows.
 */
#include "pg/nnet.h"

#include "common/hashfn.h"

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

#define SH_PREFIX tokens
#define SH_ELEMENT_TYPE TokenEntry
#define SH_KEY_TYPE Token
#define SH_KEY token
#define SH_HASH_KEY(tb, key) hash_bytes((const unsigned char *) (key).bytes, (key).length)
#define SH_EQUAL(tb, a, b) \
	((a).length == (b).length && memcmp((a).bytes, (b).bytes, (a).length) == 0)
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
