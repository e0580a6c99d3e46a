#pragma once

#include <clairgate/gate/commands.hpp>
#include <clairgate/gate/runtime.hpp>

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace clairgate::test {

/// What one invocation of the program left behind.
struct Ran {
    int status = -1;
    std::string out;
    std::string error;
};

/// The whole program after main, in this process, with captured streams.
inline Ran run_program(std::vector<std::string> const& arguments,
                       std::map<std::string, std::string, std::less<>> variables = {}) {
    Ran ran;
    gate::Streams streams;
    streams.out = [&ran](std::string_view text) { ran.out += text; };
    streams.error = [&ran](std::string_view text) { ran.error += text; };
    io::Environment const environment(std::move(variables));
    ran.status =
        gate::execute(arguments, environment, streams, "/proc/self/exe", gate::real_clock().now());
    return ran;
}

} // namespace clairgate::test
