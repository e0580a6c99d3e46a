#pragma once

#include <clairgate/base/text.hpp>
#include <clairgate/policy/load.hpp>

#include <gtest/gtest.h>

#include <string>
#include <utility>

/// Policy files that are wrong, as a person would see it.
namespace clairgate::sample {

/// Every mistake, one a line; "none" where there is none.
template <class T>
std::string mistakes_of(Result<T> const& loaded) {
    if (loaded.has_value())
        return "none";
    auto const first = loaded.error(); // by value: the range below must outlive its expression
    EXPECT_EQ(first.kind(), ErrorKind::policy);
    std::string out = first.text() + "\n";
    for (auto const& error : first.also())
        out += error.text() + "\n";
    return out;
}

inline Result<policy::Layer> layer_of(std::string text, std::string path = "global.toml") {
    return policy::parse_layer({std::move(path), "schema = 1\n" + std::move(text)});
}

/// Of a file whose first line, "schema = 1", is not in `text`.
inline std::string mistakes(std::string text, std::string path = "global.toml") {
    return mistakes_of(layer_of(std::move(text), std::move(path)));
}

struct Mistake {
    std::string text; ///< after "schema = 1\n"
    std::string said; ///< somewhere in what is said
};

template <class Cases>
void expect_mistakes(Cases const& cases, std::string const& path = "global.toml") {
    for (auto const& c : cases) {
        auto const said = mistakes(c.text, path);
        EXPECT_NE(said.find(c.said), std::string::npos) << c.text << "\ngave\n" << said;
    }
}

} // namespace clairgate::sample
