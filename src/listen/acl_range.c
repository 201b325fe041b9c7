/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
#include "listen/acl_range.h"

#include <sys/socket.h>

#include <stdlib.h>
#include <string.h>

#include "net/address.h"
#include "net/address_text.h"

#define DIGITS  "0123456789"
#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"

enum {
	MAPPED_BITS = 96, /* of ::ffff:0:0/96 */
	NAME_LENGTH = 253,
	LABEL_LENGTH = 63,
};

static const char allowed[] =
    "must be an address, a network, a range or a name";

/* RFC 4291 section 2.5.5.2: IPv4 among the IPv6 addresses. */
const struct acl_range acl_range_ipv4 = {
	.first = { [10] = 0xff, [11] = 0xff },
	.last = { [10] = 0xff, 0xff, 0xff, 0xff, 0xff, 0xff },
};

static bool
is_ipv4(const uint8_t bytes[16])
{
	return memcmp(bytes, acl_range_ipv4.first, MAPPED_BITS / 8) == 0;
}

/* Without a leading zero, which means octal to some, as in inet_pton(3). */
static bool
is_decimal(const char *text)
{
	size_t digits = strspn(text, DIGITS);

	return text[digits] == '\0' &&
	    (digits == 1 || (digits > 1 && text[0] != '0'));
}

/* Takes brackets and a scope off.  Returns whether what is left is IPv6. */
static bool
strip(char *copy, char **host)
{
	size_t length = strlen(copy);
	char *scope;

	*host = copy;
	if (copy[0] == '[' && copy[length - 1] == ']') {
		copy[length - 1] = '\0';
		*host = copy + 1;
	}
	scope = strchr(*host, '%');
	if (scope == NULL)
		return strchr(*host, ':') != NULL;
	*scope++ = '\0';
	/* A colon in it is the second address of a range. */
	return scope[0] != '\0' &&
	    scope[strspn(scope, DIGITS LETTERS "._-")] == '\0';
}

/* The family of an address in text, with its bytes; AF_UNSPEC if it is none. */
static int
parse_address(const char *text, size_t length, uint8_t bytes[16])
{
	struct address a;
	char copy[ADDRESS_TEXT], *host;
	int family;

	if (length == 0 || length >= sizeof(copy))
		return AF_UNSPEC;
	memcpy(copy, text, length);
	copy[length] = '\0';
	family = strip(copy, &host) ? AF_INET6 : AF_INET;
	address_set_any(&a, family);
	/* An IPv4 address has neither brackets nor a scope. */
	if (family == AF_INET && strlen(host) != length)
		return AF_UNSPEC;
	if (!address_set_host(&a, host) || !address_bytes(&a, bytes))
		return AF_UNSPEC;
	return family;
}

static const char *
parse_network(const char *text, const char *slash, struct acl_range *range)
{
	int family = parse_address(text, (size_t)(slash - text), range->first);
	bool is_mapped = family == AF_INET6 && is_ipv4(range->first);
	int base = family == AF_INET ? MAPPED_BITS : 0, prefix;
	const char *bad;

	if (family == AF_UNSPEC)
		return allowed;
	prefix = (int)strtonum(
	    slash + 1, is_mapped ? MAPPED_BITS : 0, 128 - base, &bad);
	if (bad != NULL || !is_decimal(slash + 1)) {
		if (family == AF_INET)
			return "must have a prefix length from 0 to 32";
		return is_mapped ? "must have a prefix length from 96 to 128"
				 : "must have a prefix length from 0 to 128";
	}
	for (int i = 0; i < 16; i++) {
		int bits = base + prefix - 8 * i;
		int host = bits <= 0 ? 0xff : bits >= 8 ? 0 : 0xff >> bits;

		range->first[i] &= (uint8_t)~host;
		range->last[i] = (uint8_t)(range->first[i] | host);
	}
	return NULL;
}

/* The end of a range: an address, or for IPv4 its last octet alone. */
static bool
parse_end(const char *text, int family, struct acl_range *range)
{
	const char *bad;

	if (family != AF_INET || !is_decimal(text))
		return parse_address(text, strlen(text), range->last) !=
		    AF_UNSPEC;
	memcpy(range->last, range->first, sizeof(range->last));
	range->last[15] = (uint8_t)strtonum(text, 0, UINT8_MAX, &bad);
	return bad == NULL;
}

/* Names have hyphens, and so have scopes: the right one is between two. */
static bool
parse_ends(const char *text, struct acl_range *range)
{
	const char *dash = strchr(text, '-');

	for (; dash != NULL; dash = strchr(dash + 1, '-')) {
		int family =
		    parse_address(text, (size_t)(dash - text), range->first);

		if (family != AF_UNSPEC && parse_end(dash + 1, family, range))
			return true;
	}
	return false;
}

/* Whether a text is "*", or "*.*" and so on; sets how many. */
static bool
is_stars(const char *text, size_t *count)
{
	for (*count = 1; text[0] == '*' && text[1] == '.'; text += 2)
		++*count;
	return strcmp(text, "*") == 0;
}

/* "10.0.*.*": the octets at the end may have any value. */
static bool
parse_stars(const char *text, struct acl_range *range)
{
	static const char lowest[] = "0.0.0.0", highest[] = "255.255.255.255";
	char first[ADDRESS_TEXT], last[ADDRESS_TEXT];
	size_t count, length = strcspn(text, "*");

	if (length >= sizeof(highest) || !is_stars(text + length, &count) ||
	    count > 4 || (length > 0 && text[length - 1] != '.'))
		return false;
	memcpy(first, text, length);
	memcpy(last, text, length);
	strlcpy(first + length, lowest + sizeof(lowest) - 2 * count,
	    sizeof(first) - length);
	strlcpy(last + length, highest + sizeof(highest) - 4 * count,
	    sizeof(last) - length);
	return parse_address(first, strlen(first), range->first) == AF_INET &&
	    parse_address(last, strlen(last), range->last) == AF_INET;
}

static const char *
check_range(const struct acl_range *range)
{
	if (is_ipv4(range->first) != is_ipv4(range->last))
		return "must be a range of one family";
	if (memcmp(range->first, range->last, sizeof(range->first)) > 0)
		return "must be a range from a lower to a higher address";
	return NULL;
}

static bool
is_label(const char *label, size_t length)
{
	return length > 0 && length <= LABEL_LENGTH && label[0] != '-' &&
	    label[length - 1] != '-' &&
	    strspn(label, DIGITS LETTERS "-") == length;
}

/* inet_aton(3), which getaddrinfo(3) asks, takes "0x7f" for a number. */
static bool
is_number(const char *label, size_t length)
{
	if (length > 1 && label[0] == '0' && (label[1] | 0x20) == 'x')
		return strspn(label + 2, DIGITS "abcdefABCDEF") == length - 2;
	return strcspn(label, LETTERS) >= length;
}

/* RFC 1123 section 2.1: the last label tells a name from an address. */
static bool
is_host_name(const char *text)
{
	size_t length;

	if (strlen(text) > NAME_LENGTH)
		return false;
	for (;; text += length + 1) {
		length = strcspn(text, ".");
		if (!is_label(text, length))
			return false;
		if (text[length] == '\0' || text[length + 1] == '\0')
			return !is_number(text, length);
	}
}

const char *
acl_range_parse(const char *spec, struct acl_range *range, bool *is_name)
{
	const char *slash = strchr(spec, '/');

	*is_name = false;
	if (slash != NULL)
		return parse_network(spec, slash, range);
	if (parse_address(spec, strlen(spec), range->first) != AF_UNSPEC) {
		memcpy(range->last, range->first, sizeof(range->last));
		return NULL;
	}
	if (parse_stars(spec, range))
		return NULL;
	if (parse_ends(spec, range))
		return check_range(range);
	*is_name = is_host_name(spec);
	return *is_name ? NULL : allowed;
}
