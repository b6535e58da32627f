#pragma once

/* u_int and friends, which pcap.h takes for granted, are BSD names. */
#ifndef _DEFAULT_SOURCE
#define _DEFAULT_SOURCE 1
#endif

#include <sys/types.h>
#include <pcap/pcap.h>
