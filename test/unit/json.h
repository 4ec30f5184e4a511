/*
 * json.h
 *	  JSON texts as NNValue trees, so that tests can write configurations as
 *	  users do.  A tree is one piece of malloc memory a node; free it whole.
 */
#ifndef UNIT_JSON_H
#define UNIT_JSON_H

#include "core/nn.h"

/* Ends the program if the text is not JSON: a test's texts are its own. */
extern NNValue *json_parse(const char *text);
/* One that lives until the program ends. */
extern NNValue *json_lasting(const char *text);
extern void json_free(NNValue *value);

#endif /* UNIT_JSON_H */
