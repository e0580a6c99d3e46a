#pragma once

#include <clairgate/base/result.hpp>
#include <clairgate/base/time.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace clairgate::local {

/// A file of `data export`: one JSON line, then a pg_dump archive (custom format, data only).
struct Dump {
    std::optional<SystemTime> data_date;
    SystemTime created;
    std::string archive;
};

/// The tables of Clair 4.9's matcher whose rows are vulnerability data, parents first.
std::vector<std::string> const& data_tables();

std::string write_dump(Dump const& dump);
/// Checks the schema and the checksum of the archive first; kinds protocol, integrity.
Result<Dump> read_dump(std::string_view bytes);
/// Whether a file starts like a dump of ours.
bool looks_like_dump(std::string_view bytes);

/// The lines of `pg_restore --list` that are data of known tables; anything but data, comments or a
/// table that is not known is refused. Kind protocol.
Result<std::string> allowed_entries(std::string_view list);

} // namespace clairgate::local
