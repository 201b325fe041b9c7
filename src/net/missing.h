/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * Numbers that some systems' headers lack.  With a negative one the system
 * refuses the call, which is reported like any other failure, so that no code
 * depends on the system it was built on.
 */
#ifndef SOCKCAT_NET_MISSING_H
#define SOCKCAT_NET_MISSING_H

#include <sys/ioctl.h>
#include <sys/socket.h>

#include <netinet/in.h>
#include <netinet/ip.h>
#include <netinet/tcp.h>
#include <netinet/udp.h>

#ifndef IPPROTO_MPTCP
#define IPPROTO_MPTCP 262
#endif
#ifndef IPPROTO_SCTP
#define IPPROTO_SCTP 132
#endif
#ifndef IPPROTO_UDPLITE
#define IPPROTO_UDPLITE 136
#endif
#ifndef AF_VSOCK
#define AF_VSOCK (-2)
#endif
#ifndef SO_DOMAIN
#define SO_DOMAIN (-1)
#endif
#ifndef SO_PROTOCOL
#define SO_PROTOCOL (-1)
#endif
#ifndef SO_BINDTODEVICE
#define SO_BINDTODEVICE (-1)
#endif
#ifndef SO_PASSCRED
#define SO_PASSCRED (-1)
#endif
#ifndef IP_BIND_ADDRESS_NO_PORT
#define IP_BIND_ADDRESS_NO_PORT (-1)
#endif
#ifndef IP_MINTTL
#define IP_MINTTL (-1)
#endif
#ifndef IPV6_MINHOPCOUNT
#define IPV6_MINHOPCOUNT (-1)
#endif
#ifndef IP_MTU
#define IP_MTU (-1)
#endif
#ifndef IPV6_MTU
#define IPV6_MTU (-1)
#endif
#ifndef UDP_SEGMENT
#define UDP_SEGMENT (-1)
#endif
#ifndef UDP_GRO
#define UDP_GRO (-2)
#endif
#ifndef SO_RCVBUFFORCE
#define SO_RCVBUFFORCE (-1)
#endif
#ifndef SO_SNDBUFFORCE
#define SO_SNDBUFFORCE (-1)
#endif
#ifndef SO_MEMINFO
#define SO_MEMINFO (-1)
#endif
#ifndef SIOCOUTQ
#define SIOCOUTQ TIOCOUTQ
#endif
#ifndef TCP_RTO_MAX_MS
#define TCP_RTO_MAX_MS 44 /* Linux 6.15 */
#endif
#ifndef TCP_KEEPIDLE
#define TCP_KEEPIDLE (-1)
#endif
#ifndef TCP_KEEPINTVL
#define TCP_KEEPINTVL (-1)
#endif
#ifndef TCP_KEEPCNT
#define TCP_KEEPCNT (-1)
#endif

#endif
