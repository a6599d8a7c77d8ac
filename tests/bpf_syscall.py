# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""bpf(2) for tests that need it in a loop, or in a way that no tool offers."""
import ctypes
import os
import struct

BPF_MAP_CREATE = 0
BPF_MAP_UPDATE_ELEM = 2
BPF_OBJ_PIN = 6
BPF_OBJ_GET = 7
BPF_PROG_GET_FD_BY_ID = 13
BPF_MAP_GET_FD_BY_ID = 14
BPF_OBJ_GET_INFO_BY_FD = 15
BPF_LINK_CREATE = 28
BPF_F_RDONLY = 1 << 3
BPF_MAP_TYPE_PERCPU_ARRAY = 6
BPF_XDP = 37

NUMBER = {"x86_64": 321, "aarch64": 280}[os.uname().machine]
libc = ctypes.CDLL(None, use_errno=True)


def bpf(command, attr):
    """Returns the result of the call and attr as changed by the kernel; OSError on failure."""
    buffer = ctypes.create_string_buffer(attr, 128)
    result = libc.syscall(NUMBER, command, buffer, 128)
    if result < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return result, buffer.raw


def map_create(map_type, key_size, value_size, max_entries):
    return bpf(BPF_MAP_CREATE, struct.pack("IIII", map_type, key_size, value_size,
                                           max_entries))[0]


def obj_pin(fd, path):
    name = ctypes.create_string_buffer(path.encode())
    bpf(BPF_OBJ_PIN, struct.pack("QI", ctypes.addressof(name), fd))


def pin_by_id(map_id_, path):
    """Pin a map of any program in a new directory."""
    fd = bpf(BPF_MAP_GET_FD_BY_ID, struct.pack("III", map_id_, 0, 0))[0]
    os.mkdir(os.path.dirname(path))
    obj_pin(fd, path)
    os.close(fd)


def obj_get(path, flags=0):
    name = ctypes.create_string_buffer(path.encode())
    return bpf(BPF_OBJ_GET, struct.pack("QII", ctypes.addressof(name), 0, flags))[0]


def map_id(fd):
    info = ctypes.create_string_buffer(88)
    bpf(BPF_OBJ_GET_INFO_BY_FD, struct.pack("IIQ", fd, 88, ctypes.addressof(info)))
    return struct.unpack_from("II", info.raw)[1]


def prog_map_ids(prog_id):
    """The maps that a program uses."""
    fd = bpf(BPF_PROG_GET_FD_BY_ID, struct.pack("III", prog_id, 0, 0))[0]
    try:
        ids = (ctypes.c_uint32 * 64)()
        info = ctypes.create_string_buffer(128)
        # struct bpf_prog_info: nr_map_ids at 52, map_ids at 56
        struct.pack_into("IQ", info, 52, 64, 0)
        struct.pack_into("Q", info, 56, ctypes.addressof(ids))
        bpf(BPF_OBJ_GET_INFO_BY_FD, struct.pack("IIQ", fd, 128, ctypes.addressof(info)))
        return list(ids[:struct.unpack_from("I", info.raw, 52)[0]])
    finally:
        os.close(fd)
