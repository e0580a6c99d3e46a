#pragma once

#include <clairgate/base/log.hpp>
#include <clairgate/base/time.hpp>
#include <clairgate/io/task.hpp>

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace clairgate::io {

class Http;

/// The environment as it was at start: nobody calls getenv later.
class Environment {
  public:
    explicit Environment(std::map<std::string, std::string, std::less<>> variables);
    /// The variable's value; an empty one counts as unset.
    std::optional<std::string> value(std::string_view name) const;
    std::map<std::string, std::string, std::less<>> const& all() const { return variables_; }

  private:
    std::map<std::string, std::string, std::less<>> variables_;
};

/// Everything that is not a value: passed by reference to whoever does input or output.
/// Outlives all tasks. `random` is uniform in [0, 1); `random_bytes(n)` is from the system's
/// CSPRNG.
struct World {
    Executor executor;
    Clock clock;
    Log const& log;
    Environment const& environment;
    Http& http;
    std::function<double()> random;
    std::function<std::string(std::size_t)> random_bytes;
};

} // namespace clairgate::io
