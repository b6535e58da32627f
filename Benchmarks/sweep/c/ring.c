#include "ring.h"

#include <arpa/inet.h>
#include <linux/filter.h>
#include <linux/if_ether.h>
#include <net/if.h>
#include <poll.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/socket.h>

#include "sender.h"

enum { BLOCK = 1 << 20, BLOCKS = 64 };

static void set_filter(int fd, int version, int type) {
    // Offsets from the Ethernet header on; IPv4 packets are taken to have no options.
    unsigned protocol_at = version == 6 ? 14 + 6 : 14 + 9, type_at = version == 6 ? 14 + 40 : 14 + 20;
    struct sock_filter code[] = {
        BPF_STMT(BPF_LD | BPF_B | BPF_ABS, protocol_at),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, version == 6 ? IPPROTO_ICMPV6 : IPPROTO_ICMP, 0, 3),
        BPF_STMT(BPF_LD | BPF_B | BPF_ABS, type_at),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, type, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, 0xffff),
        BPF_STMT(BPF_RET | BPF_K, 0),
    };
    struct sock_fprog program = {sizeof code / sizeof *code, code};
    if (setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program)) fail("SO_ATTACH_FILTER");
}

struct ring ring_open(const char *interface, int version, int type) {
    // Protocol 0 until bind: nothing comes in before the filter and the ring are there.
    int fd = socket(AF_PACKET, SOCK_RAW, 0), v3 = TPACKET_V3;
    if (fd < 0) fail("socket");
    set_filter(fd, version, type);
    if (setsockopt(fd, SOL_PACKET, PACKET_VERSION, &v3, sizeof v3)) fail("TPACKET_V3");
    struct tpacket_req3 request = {
        .tp_block_size = BLOCK, .tp_block_nr = BLOCKS, .tp_frame_size = 2048,
        .tp_frame_nr = BLOCK / 2048 * BLOCKS, .tp_retire_blk_tov = 10};
    if (setsockopt(fd, SOL_PACKET, PACKET_RX_RING, &request, sizeof request)) fail("PACKET_RX_RING");
    void *memory = mmap(NULL, (size_t)BLOCK * BLOCKS, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (memory == MAP_FAILED) fail("mmap");
    // Bound to one protocol a packet socket never sees what this host sends; bound to all, it would.
    struct sockaddr_ll address = {
        .sll_family = AF_PACKET, .sll_protocol = htons(version == 6 ? ETH_P_IPV6 : ETH_P_IP),
        .sll_ifindex = if_nametoindex(interface)};
    if (address.sll_ifindex == 0) fail(interface);
    if (bind(fd, (struct sockaddr *)&address, sizeof address)) fail("bind");
    return (struct ring){fd, memory, 0};
}

void ring_read(struct ring *ring, int milliseconds, void (*use)(const struct tpacket3_hdr *, void *), void *context) {
    struct tpacket_block_desc *block = (void *)(ring->memory + (size_t)ring->block * BLOCK);
    if (!(__atomic_load_n(&block->hdr.bh1.block_status, __ATOMIC_ACQUIRE) & TP_STATUS_USER)) {
        poll(&(struct pollfd){ring->fd, POLLIN, 0}, 1, milliseconds);
        if (!(__atomic_load_n(&block->hdr.bh1.block_status, __ATOMIC_ACQUIRE) & TP_STATUS_USER)) return;
    }
    struct tpacket3_hdr *packet = (void *)((uint8_t *)block + block->hdr.bh1.offset_to_first_pkt);
    for (unsigned i = 0; i < block->hdr.bh1.num_pkts; i++) {
        use(packet, context);
        packet = (void *)((uint8_t *)packet + packet->tp_next_offset);
    }
    __atomic_store_n(&block->hdr.bh1.block_status, TP_STATUS_KERNEL, __ATOMIC_RELEASE);
    ring->block = (ring->block + 1) % BLOCKS;
}

unsigned ring_drops(struct ring *ring) {
    struct tpacket_stats_v3 statistics = {0};
    socklen_t size = sizeof statistics;
    if (getsockopt(ring->fd, SOL_PACKET, PACKET_STATISTICS, &statistics, &size)) fail("PACKET_STATISTICS");
    return statistics.tp_drops;
}
