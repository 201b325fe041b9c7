/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * vsock(7) as Linux has it.
 */
#include "net/vsock.h"

#include <sys/socket.h>

#include <errno.h>
#include <linux/vm_sockets.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A number of 32 bits, or what stands for "any" where there is no text. */
static int
parse(const char *text, unsigned int *value)
{
	const char *bad;
	long long n;

	if (text == NULL)
		return 0;
	n = strtonum(text, 0, UINT32_MAX, &bad);
	if (bad != NULL) {
		errno = EINVAL;
		return -1;
	}
	*value = (unsigned int)n;
	return 0;
}

int
vsock_parse(struct sockaddr_storage *storage, const char *cid, const char *port)
{
	struct sockaddr_vm vm = {
		.svm_family = AF_VSOCK,
		.svm_cid = VMADDR_CID_ANY,
		.svm_port = VMADDR_PORT_ANY,
	};

	if (parse(cid, &vm.svm_cid) == -1 || parse(port, &vm.svm_port) == -1)
		return -1;
	if (vm.svm_port == 0)
		vm.svm_port = VMADDR_PORT_ANY;
	memcpy(storage, &vm, sizeof(vm));
	return sizeof(vm);
}

bool
vsock_host(const struct sockaddr *a, char *text, size_t size)
{
	const struct sockaddr_vm *vm = (const void *)a;

	if (a->sa_family != AF_VSOCK)
		return false;
	if (vm->svm_cid == VMADDR_CID_ANY)
		strlcpy(text, "any", size);
	else
		snprintf(text, size, "%u", vm->svm_cid);
	return true;
}

bool
vsock_port(const struct sockaddr *a, uint32_t *port)
{
	const struct sockaddr_vm *vm = (const void *)a;

	if (a->sa_family != AF_VSOCK)
		return false;
	*port = vm->svm_port;
	return true;
}
