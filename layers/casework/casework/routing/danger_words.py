"""The words of danger, and the words that take the danger out of them. Data; our own writing.

All are in folded spelling (simplified, lower case, half width). Words in a string are parted
by blanks; an underscore is a blank inside one. What a list means for ringing the duty desk is
said in `casework.routing.danger`.
"""

from __future__ import annotations

from typing import NamedTuple

from schemas.names import AlertKind


def _words(*lists: str) -> tuple[str, ...]:
    return tuple(word.replace("_", " ") for text in lists for word in text.split())


def _ending(*lists: str) -> tuple[str, ...]:
    """Words that a clause may end with; whole ones where they are Latin."""
    return tuple(
        f" {word}" if word[0].isalpha() and word.isascii() else word for word in _words(*lists)
    )


def _whole(*lists: str) -> tuple[str, ...]:
    """Words that a clause may hold; whole ones where they are Latin."""
    return tuple(f" {word} " if word.isascii() else word for word in _words(*lists))


class Sign(NamedTuple):
    """One of `words`; where `near` has any, one of these too: at most `after` characters
    behind it in its sentence, or `before` characters ahead of it in its clause.

    `feared`: people fear and warn of these, and tell of how often they happen, far more than
    they see them: they count only where the clause tells of one that is there.
    """

    kind: AlertKind
    words: tuple[str, ...]
    near: tuple[str, ...] = ()
    after: int = 0
    before: int = 0
    feared: bool = False


_CHILD = _words(
    "小孩 孩子 儿童 婴儿 幼儿 宝宝 学生 女儿 儿子 小朋友 女童 男童 女孩 男孩 幼童 未成年 娃娃 孙子 孙女",
    "外孙 同学 高中生 初中生",
)
_CHILD_EN = _words("child children kid kids son daughter toddler baby pupil boy girl schoolgirl")
_CROWD = _words(
    "几十人 几十名 几十位 几十户 几十号 数十人 数十名 数十位 数十户 上百人 上百名 上百位",
    "上百户 上百号 百余人 百余名 百余户 百多人 百多名 百多户 几百人 几百名 几百位 几百户",
    "几百号 数百人 数百名 数百位 数百户 几百业主 数百业主 上千人 上千名 上千户 几千人 数千人 千余人 千余户",
    "十多人 十多名 十几名 十余人 十余名 00人 00名 00多人 00多名 00余人 00余名 0多人 0多名 0余人 0余名",
    "许多工人 很多工人 全体工人 全体员工 大批",
)
_CROWD_EN = _words("dozens_of hundreds_of thousands_of crowd all_the_workers many_workers")

SIGNS = (
    # -- 自伤轻生 ------------------------------------------------------------------------------
    Sign(
        "self_harm",
        _words(
            "自杀 轻生 自尽 自焚 自残 寻短见 寻死 寻了短见 不想活 不想再活 活不下去 活不了了 不如死 想死 求死",
            "活够了 活腻了 活着没意思 活着没有意思 活着没意义 活着没有意义 活着还有什么意 生无可恋 绝命书",
            "一死了之 死了算了 结束生命 结束自己 结束我的生命 了结自己 了结此生 了此残生 遗书 以死相 以死抗 以死明 以死证 同归于尽",
            "跳楼 跳河 跳江 跳桥 跳湖 跳水库 跳井 跳海 跳天桥 跳窗 上吊 割腕 服毒 喝农药 喝了农药 喝百草枯",
            "喝敌敌畏 吞安眠药 吞了安眠药 一瓶安眠药 整瓶安眠药 卧轨 死给你们看 死给他们看 死在你们 想不开 站在楼顶 坐在楼顶",
            "爬上塔吊 爬塔吊 爬上楼顶 楼顶边缘 逼上绝路 走上绝路",
        ),
    ),
    Sign(
        "self_harm",
        _words(
            "suicide suicidal kill_myself killing_myself end_my_life end_his_life end_her_life",
            "ending_my_life take_my_own_life take_my_life want_to_die wants_to_die wish_i_were_dead",
            "wish_i_was_dead don't_want_to_live do_not_want_to_live hang_myself hurt_myself harm_myself",
            "kill_himself kill_herself killed_himself killed_herself jump_off no_reason_to_live",
            "better_off_dead cut_my_wrists going_to_jump about_to_jump can't_go_on_living",
        ),
    ),
    # -- 暴力 ---------------------------------------------------------------------------------
    Sign(
        "violence",
        _words(
            "殴打 暴打 毒打 围殴 群殴 打人 被打 打伤 打死人 往死里打 动手打 打了我 打我 打她 拳打脚踢 头破血流",
            "打断腿 打断了腿 打断手 打断肋骨 砍人 砍死 砍伤 捅人 捅伤 捅死 捅了 持刀 拿刀 拿着刀 提刀 动刀 挥刀",
            "拿菜刀 拿着菜刀 举着刀 持械 持枪 开枪 行凶 杀人 杀了他 杀了你 杀了我 杀了她 杀死 杀光 杀全家 杀你全家",
            "杀我 杀他 杀她 弄死 整死我 整死你 要我的命 要你的命 要你命 要他的命 灭口 灭门 报复社会 鱼死网破",
            "家暴 家庭暴力 施暴 虐打 虐待 劫持 人被绑架 被人绑架 遭绑架 遭到绑架 绑架勒索 非法拘禁 强奸 轮奸 性侵 猥亵 被抢劫",
            "抢劫了 入室抢劫 持刀抢劫 遭抢劫 泼硫酸 泼汽油 打砸抢 炸政府 血债血偿 同归于尽",
        ),
    ),
    Sign(
        "violence",
        _words("威胁 恐吓 恫吓 扬言 放话"),
        _words("杀 砍 捅 打死 弄死 打断 打人 烧死 性命 全家 要命 炸毁 炸掉 炸死 泼汽油 点火"),
        after=14,
    ),
    Sign("violence", _words("刀"), _words("威胁 追着 砍 捅 架在 要杀 乱挥"), after=8, before=4),
    Sign("violence", _words("打架 斗殴"), feared=True),
    Sign(
        "violence",
        _words(
            "knife stabbed stabbing beaten_up beating_me beating_his beating_her beating_him beats_me",
            "beats_his beats_her hits_me hits_his hits_her hit_me attacked_me assaulted domestic_violence",
            "kill_me kill_you kill_him kill_her kill_them kill_us kill_someone murder murdered raped rape",
            "molested kidnapped gunshot gunshots has_a_gun with_a_gun death_threat death_threats",
            "choked_me fighting_with_knives beaten_by",
        ),
    ),
    # -- 险情: what is seen, smelt and heard ---------------------------------------------------
    Sign(
        "hazard",
        _words(
            "正在燃烧 冒浓烟 烧起来了 火势很 火势越 火势猛 火势控制 煤气味 燃气味 天然气味 液化气味 煤气的味道 燃气的味道 漏煤气 漏燃气",
            "漏天然气 煤气中毒 一氧化碳中毒 氨气泄漏 氯气泄漏 油罐车侧翻 槽罐车侧翻 电线裸露 裸露的电线 电线掉",
            "电线断 电线垂落 电线垂到 断落的电线 断了的电线 电缆裸露 裸露的电缆 电缆断 电缆掉 高压线断 高压线掉",
            "高压线垂 电线落 电线冒火 冒火花 打火花 冒火星 电死 人被压在 被压在下 被压在车 被压在废 被压在墙 被埋 埋在下面 水柱冲 灌进屋 灌进家 决堤",
            "溃坝 溃堤 管涌 被洪水 洪水围 洪水冲 掉下井 掉入窨井 掉进窨井 坠井 正在大出血 晕倒在 昏倒在",
            "昏迷不醒 不省人事 没有呼吸 没呼吸 没了呼吸 生命垂危 奄奄一息 快不行了 救命啊 喊救命 喊着救命 快来救人",
            "快救人 食物中毒 集体中毒 私藏炸药 自制炸药 发现炸弹 有炸弹 炮弹 手榴弹 未爆弹 轿厢坠",
        ),
    ),
    Sign(
        "hazard",
        _words("井盖 井口 窨井"),
        _words("掉下去 掉进去 掉进 掉了进去 摔进 摔下去 跌落 跌进"),
        12,
    ),
    Sign(
        "hazard",
        _words("闻到 有一股 一股 弥漫 满屋"),
        _words("煤气 燃气 天然气 液化气"),
        after=8,
    ),
    Sign(
        "hazard",
        _words(
            "墙 房 楼 桥 屋 脚手架 塔吊 基坑 山体 边坡 护坡 树 电线杆 广告牌 阳台 吊车 天花板 瓷砖 玻璃"
        ),
        _words(
            "塌了 塌下来 倒下来 要倒了 要倒塌 快倒 快塌 要塌 随时会倒 砸到人 砸中 压住人 压住了人"
        ),
        after=8,
    ),
    Sign("hazard", _words("随时"), _words("倒塌 坍塌 垮塌 塌下来 倒下来 会塌"), after=10),
    Sign(
        "hazard",
        _words(
            "被困 困在电梯 困在火 困在水 困在车 困在楼 困在井 困在里面 人困在 困住了 关在电梯 卡在电梯"
        ),
        feared=True,
    ),
    Sign("hazard", _words("电梯"), _words("下坠 坠落 冲顶 掉层 坠到"), after=8, feared=True),
    Sign(
        "hazard", _words("水管 管道 自来水"), _words("喷 淹 漫进 灌进 冲出"), after=12, feared=True
    ),
    Sign("hazard", _words("发生 突发 引发 现场"), _words("火灾 大火"), after=6, feared=True),
    Sign(
        "hazard",
        _words(
            "着火 起火 失火 爆炸 爆燃 触电 漏电 坍塌 倒塌 垮塌 塌方 塌陷 落水 溺水 山体滑坡 泥石流 山洪 有人坠楼 坠楼了 坠楼身亡 坠楼事件",
            "燃气泄漏 燃气泄露 煤气泄漏 煤气泄露 天然气泄漏 天然气泄露 燃气漏气 煤气漏气 天然气漏气 液化气泄漏",
            "化学品泄漏 爆管 水管爆裂 水管爆了 管道爆裂 自来水管爆 困人",
        ),
        feared=True,
    ),
    Sign(
        "hazard",
        _words(
            "on_fire caught_fire is_burning are_burning house_fire in_flames thick_smoke smell_gas",
            "smell_of_gas gas_smell smells_of_gas smelling_gas smelt_gas live_wire live_wires bare_wire",
            "bare_wires exposed_wire exposed_wires wire_is_down wires_are_down power_line_down sparking",
            "is_trapped are_trapped got_trapped trapped_in stuck_in_the_lift stuck_in_the_elevator",
            "burst_main burst_pipe pipe_burst pipe_has_burst main_burst main_has_burst unconscious",
            "carbon_monoxide drowning not_breathing electrocuted collapsed is_collapsing has_fallen_down",
        ),
    ),
    Sign(
        "hazard",
        _words(
            "gas_leak gas_leaking leaking_gas explosion exploded explode collapse landslide mudslide",
            "fire_broke_out",
        ),
        feared=True,
    ),
    # -- 未成年人: a child, and what happens to it ---------------------------------------------
    Sign(
        "minor",
        _CHILD,
        _words(
            "失踪 走失 走丢 不见了 失联 被拐 拐走 拐卖 被抢走 虐待 殴打 毒打 暴打 挨打 被打 打伤 打成 体罚 遗弃",
            "性侵 猥亵 强奸 霸凌 欺凌 校园暴力 跳楼 自杀 割腕 自残 轻生 离家出走 反锁 锁在 关在车 针扎 掐脖",
        ),
        after=10,
        before=4,
    ),
    Sign(
        "minor",
        _CHILD,
        _words("溺水 落水 淹死 掉进 坠楼 被困 触电 中毒 昏迷 烫伤 被狗咬 流血"),
        after=10,
        before=4,
        feared=True,
    ),
    Sign("minor", _words("弃婴"), _words("发现 捡到 有个 有一 门口 路边 丢"), after=8, before=8),
    Sign("minor", _words("人贩子 校园欺凌 校园霸凌 虐童 童工")),
    Sign(
        "minor",
        _CHILD_EN,
        _words(
            "missing lost abducted kidnapped abused beaten beats hits trapped locked_in alone_in_the_car",
            "drowning drowned bullied molested unconscious ran_away run_away hurt_himself hurt_herself",
        ),
        after=30,
        before=12,
    ),
    Sign("minor", _words("child_abuse child_labour child_labor")),
    # -- 群体 ---------------------------------------------------------------------------------
    Sign(
        "group",
        _words(
            "罢课 罢市 罢运 集体罢工 工人罢工 司机罢工 员工罢工 罢工了 静坐 聚众闹事 聚众示威 聚众堵 围堵政府 集体上访",
            "集体信访 集体讨薪 集体讨要 集体去 集体到 集体进京 越级上访 进京上访 去北京上访 到北京上访 上街游行 游行",
            "示威游行 抗议示威 堵高速 堵铁路 堵政府 堵大门 拉横幅 打横幅 拉起横幅 拉起了横幅",
            "抬棺 绝食 械斗 骚乱 暴乱",
        ),
        feared=True,
    ),
    Sign(
        "group", _words("群体性事件 群体事件"), _words("发生 已 正在 出现"), before=8, feared=True
    ),
    Sign(
        "group",
        _CROWD,
        _words(
            "讨薪 讨要 上访 聚集 围堵 围住 围在 堵住 堵在 堵了 横幅 请愿 抗议 闹事 去政府 到政府 在政府 情绪激动 冲突",
            "打架 斗殴 集合 走上街 示威 罢工 没发工资 拖欠工资 不发工资 要去市 要去省",
        ),
        after=16,
        before=10,
    ),
    Sign(
        "group",
        _words("农民工 工人 村民 业主 群众 家长 司机 老人 职工 商户"),
        _words(
            "罢工 堵路 堵了路 堵住路 堵住了路 堵在路 堵公路 堵马路 堵桥 堵门 聚集 围住 把路堵 把门堵"
        ),
        after=10,
    ),
    Sign(
        "group",
        _words("聚集"),
        _words("情绪激动 越来越多 闹 堵 抗议 政府门口 售楼部 工地门口"),
        12,
        12,
    ),
    Sign(
        "group",
        _words(
            "on_strike go_on_strike protesters a_protest protest_march blocking_the_road sit-in riot",
            "blocked_the_road block_the_road demonstrators hunger_strike roadblock mob",
        ),
    ),
    Sign(
        "group",
        _CROWD_EN,
        _words("protest protesting gathered gathering blocking demanding marching striking wages"),
        after=40,
    ),
)

HARMLESS = _words(
    # self_harm
    "自杀式 防自杀 自杀干预 自杀热线 跳楼价 跳楼机 跳楼大甩卖 跳楼甩卖 跳楼促销 上吊顶 上吊灯 上吊车 上吊装 上吊销",
    "上吊扇 上吊篮 上吊着 上吊机 上吊环 上吊桥 上吊牌 上吊塔 上吊起 不想活动 想死你 想死记 想死我们 想死人 想死守",
    "想不开通 想不开发 想不开车 想不开具 想不开放 想不开除 想不开设 想不开启 想不开门 跳窗口 追求死 建议跳楼",
    "生活不下去 轻生产 减轻生 年轻生 寻死觅活 三上吊",
    # violence
    "被打扰 被打断 被打磨 被打扫 被打压 被打回 被打造 被打开 被打破 被打工 被打击 被打孔 被打通 被打卡 被打招呼",
    "被打湿 被打碎 被打包 被打折 被打印 被打乱 被打入 被打上 被打官 被打电 被打水 被打桩 被打款 被打太极 被打赏",
    "被打动 被打发 被打假 被打错 被打掉 被打麻 被打点 被打落 被打分 被打着 被打理 被打死结 一棒子被打 被打传 被打非",
    "杀人者 杀人案 杀人纵火案 扼杀了我 打人民 打人工 打人数 打人性 主打人 打人际 打人气 打人脸 打人情 不打人 攻打人",
    "打人起哄 自打我 打我电话 打我的电话 打我手机 打我家 打我门 打我主意 打我号码 打她电话 打她的电话 打她手机",
    "打我公司 打我这 打我单位 杀人诛心 强奸民意 扼杀我 国家暴 家暴征 家暴雨 家暴力拆 被打人 实施暴 性侵占 强奸式",
    "杀人不见血 虐待动物 虐待狗 虐待猫 虐待流浪 打架子 性侵害预防 数据打架 文件打架 政策打架 规定打架",
    # hazard
    "信息大爆炸 信息爆炸 知识爆炸 人口爆炸 爆炸式 爆炸性 爆炸头 流量爆炸 爆炸场 爆炸案 防爆炸 炸弹爆炸般 垃圾爆炸",
    "漏电保护 漏电开关 漏电断路 贫困人 困人口 引起火 挑起火 点起火 升起火 生起火 起火车 着火车 着火锅 塌方式 雷电死",
    "水电死 触电影 触电视 触电商 一股天然气息 坠楼盘 段落水 下落水 跌落水 落水管 落水斗 村落水 部落水 掉落水 滴落水",
    "脱落水 角落水 降落水 溺水警示 防溺水 人工降雨炮弹 糖衣炮弹 人防溺水 炮弹车 没有呼吸道 救命啊呀 防触电 防漏电",
    "防泥石流 防山洪 山洪灾害 防山体滑坡 防坍塌 幼儿园 儿子式 儿童医院 儿童公园 儿童节 学生家长 学生宿舍 学生会",
    # group
    "静坐垫 游行程 旅游行 集体去年 集体到期 集体去向 绝食物 拥堵路 全堵路 堵路上 堵路段 堵路口 游行李 人群众",
    "集体到位 聚集场所 聚集地 聚集区 杀死细 杀死病 杀死虫 杀死癌",
)
"""A word of danger inside one of these is none."""

NOT = _ending(
    "没有 没 未 并无 无 不会 不再 不可能 不至于 不是 并非 严禁 禁止 不得 不准 不许 不允许 防止 谨防 严防 防",
    "避免 预防 防范 杜绝 以免 免得 以防 抵制 打击 没人 无人 没有人 未有人 not 't no never without nobody",
    "no_one prevent",
)
"""Right before a word, or with nothing but words of NOT_GAP between: it is not so."""
NOT_GAP = _ending(
    "再 又 曾 有 发生 出现 造成 引发 引起 导致 过 被 任何 任何人 什么 真的 因 去 要 在 人员 事故 等 、 和 或",
    "any was were is are been be got has have a the yet one ever getting being",
)

CAN = _ending(
    "会 将 能 可能 容易 极易 易 足以 或许 也许 若 恐 恐怕 防 谁敢说 could might may would can will"
)
"""Right before a feared word, or with words of CAN_GAP between: it is only thought of."""
CAN_GAP = _ending(
    "引发 引起 造成 导致 发生 出现 产生 酿成 形成 促成 有 被 再 又 突然 大 的 电 电路 进一步 更大 要 去 be cause catch lead to a an the",
)
IF = _whole(
    "如果 一旦 万一 假如 假设 要是 倘若 担心 害怕 生怕 唯恐 怕 难免 隐患 为了 是否 提高 加强 应对 等到 直到 难道 非要 一定要 才",
    "if afraid fear worry worried in_case risk",
)
"""Anywhere before a feared word in its clause: it is only thought of."""
OFTEN = _whole(
    "经常 时有 时常 多次 屡次 常常 偶尔 每年 每次 频繁 频发 历年 各地 全国 案例 近年 新闻 网上 报道 看到 每晚 每天 有时 近几年 近年来 法律 组织或者参加",
    "often every_year news",
)
"""Anywhere before a feared word in its clause: what happens in general, not here and now."""
FEARED_AFTER = _whole(
    "隐患 风险 的危险 怎么办 谁负责 谁来负责 预防 防范 防控 演练 培训 宣传 知识 保险 应急 预案 事故的发生 可能 频发 将会 时有发生 时常发生 常有 地质灾害 影响的",
    "案例 报警器 的原因 risk hazard alarm drill",
)
"""Anywhere after a feared word in its clause: it is only thought of."""
IMMINENT = _whole("马上 即将 快要 就要 眼看 正在 刚刚 刚才 正 about_to any_moment just now")
"""Anywhere before it: no longer a mere thought."""
PAST = _whole(
    "年代 去年 前年 往年 曾 年前 那年 当年 以前 历史上 早已 早就 last_year years_ago used_to"
)
"""Anywhere before a word in its clause: over, except for who may harm himself."""
