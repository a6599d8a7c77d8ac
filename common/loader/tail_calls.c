// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <errno.h>
#include <fcntl.h>
#include <gelf.h>
#include <libelf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tail_calls.h"

/* The parts of the file: the section of the maps, its relocations, the symbols. */
struct object_file {
	Elf *elf;
	size_t maps; /* index of the section, 0 if there is none */
	Elf_Data *relocations, *symbols;
	size_t relocation_count, symbol_count, strings; /* strings: index of their section */
};

static void look_at_section(struct object_file *file, Elf_Scn *section, size_t names)
{
	const char *name;
	GElf_Shdr header;

	if (!gelf_getshdr(section, &header))
		return;
	name = elf_strptr(file->elf, names, header.sh_name);
	if (header.sh_type == SHT_SYMTAB && header.sh_entsize) {
		file->symbols = elf_getdata(section, NULL);
		file->symbol_count = header.sh_size / header.sh_entsize;
		file->strings = header.sh_link;
	} else if (name && !strcmp(name, ".maps")) {
		file->maps = elf_ndxscn(section);
	} else if (name && !strcmp(name, ".rel.maps") && header.sh_type == SHT_REL &&
		   header.sh_entsize) {
		file->relocations = elf_getdata(section, NULL);
		file->relocation_count = header.sh_size / header.sh_entsize;
	}
}

static int find_sections(struct object_file *file)
{
	Elf_Scn *section = NULL;
	size_t names;

	if (elf_getshdrstrndx(file->elf, &names))
		return -EINVAL;
	while ((section = elf_nextscn(file->elf, section)))
		look_at_section(file, section, names);
	return 0;
}

static const char *symbol_name(const struct object_file *file, const GElf_Sym *symbol)
{
	return elf_strptr(file->elf, file->strings, symbol->st_name) ?: "";
}

/* The map whose definition contains this offset in the section of the maps. */
static const char *map_at(const struct object_file *file, GElf_Addr offset)
{
	GElf_Sym symbol;

	for (size_t i = 0; i < file->symbol_count; i++)
		if (gelf_getsym(file->symbols, i, &symbol) && symbol.st_shndx == file->maps &&
		    GELF_ST_TYPE(symbol.st_info) == STT_OBJECT && offset >= symbol.st_value &&
		    offset - symbol.st_value < symbol.st_size)
			return symbol_name(file, &symbol);
	return "";
}

static int add(struct tail_calls *calls, const char *map, const char *prog)
{
	struct tail_call *grown = realloc(calls->calls, (calls->count + 1) * sizeof(*grown));

	if (!grown)
		return -ENOMEM;
	calls->calls = grown;
	snprintf(grown[calls->count].map, TAIL_CALL_NAME, "%s", map);
	snprintf(grown[calls->count].prog, TAIL_CALL_NAME, "%s", prog);
	calls->count++;
	return 0;
}

/* An initial value that is a function is a program in a slot; others are inner maps. */
static int read_relocations(const struct object_file *file, struct tail_calls *calls)
{
	int err = 0;

	if (!file->maps || !file->relocations || !file->symbols)
		return 0;
	for (size_t i = 0; !err && i < file->relocation_count; i++) {
		GElf_Sym symbol;
		GElf_Rel rel;

		if (gelf_getrel(file->relocations, i, &rel) &&
		    gelf_getsym(file->symbols, GELF_R_SYM(rel.r_info), &symbol) &&
		    GELF_ST_TYPE(symbol.st_info) == STT_FUNC)
			err = add(calls, map_at(file, rel.r_offset), symbol_name(file, &symbol));
	}
	return err;
}

int tail_calls_read(const char *path, struct tail_calls *calls)
{
	struct object_file file = { 0 };
	int fd, err;

	*calls = (struct tail_calls){ 0 };
	elf_version(EV_CURRENT);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	file.elf = elf_begin(fd, ELF_C_READ_MMAP, NULL);
	err = file.elf ? find_sections(&file) : -EINVAL;
	if (!err)
		err = read_relocations(&file, calls);
	if (err)
		tail_calls_free(calls);
	elf_end(file.elf);
	close(fd);
	return err;
}

void tail_calls_free(struct tail_calls *calls)
{
	free(calls->calls);
	*calls = (struct tail_calls){ 0 };
}

bool tail_calls_have_prog(const struct tail_calls *calls, const char *prog)
{
	for (size_t i = 0; i < calls->count; i++)
		if (!strcmp(calls->calls[i].prog, prog))
			return true;
	return false;
}

bool tail_calls_have_map(const struct tail_calls *calls, const char *map)
{
	for (size_t i = 0; i < calls->count; i++)
		if (!strcmp(calls->calls[i].map, map))
			return true;
	return false;
}
