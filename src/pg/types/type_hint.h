/*
 * type_hint.h
 *	  What can be made of a type of SQL (type_hint.c).
 */
#ifndef NNET_TYPE_HINT_H
#define NNET_TYPE_HINT_H

#include "pg/nnet.h"

/* Whether values of the type are class labels: strings and enums. */
extern bool nnet_type_is_label(Oid type);
/* Whether they are one number each, booleans too. */
extern bool nnet_type_is_number(Oid type);
/* Whether nnet_reader_make takes the type. */
extern bool nnet_type_is_readable(Oid type);
/* How to make numbers of what, values of a type that cannot be read as such. */
extern const char *nnet_type_hint(Oid type, const char *what);

#endif /* NNET_TYPE_HINT_H */
