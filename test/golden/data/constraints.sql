-- Made by make.py with Keras 3.15.1 on TensorFlow 2.21.0.  Do not edit.

COPY golden_network (name, dataset, layers, loss, optimizer, metrics, x, y, options, weight, held) FROM stdin;
max_norm	table	nnet.input(5),\n    nnet.dense(8, activation => 'tanh', kernel_constraint => nnet.max_norm(0.7), bias_constraint => NULL),\n    nnet.dense(2, activation => 'linear')	mean_squared_error	nnet.sgd(learning_rate => 0.3, momentum => 0.5)	{}	x	reals		\N	f
\.

COPY golden_tensor (network, layer, i, tensor, initial, final) FROM stdin;
max_norm	1	0	kernel	{-0.3275,0.4925,0.5957,-0.213,-0.6366,-0.5294,0.0612,-0.657,0.4029,-0.296,0.1996,-0.5116,0.1635,-0.2032,0.0394,-0.5691,-0.2646,0.0103,0.6282,-0.3272,-0.5088,-0.167,0.1713,0.5676,0.2822,-0.3614,0.5223,-0.3165,-0.4374,-0.4269,-0.572,0.3272,0.0355,-0.5846,-0.6254,-0.2413,-0.1115,0.1068,0.4796,0.2895}	{-0.42860556,0.025067767,0.5048135,0.047326863,-0.51911443,-0.23536222,0.04934379,-0.3135882,0.33788627,-0.13004729,-0.028882457,-0.148466,0.10557083,0.00562401,0.08724171,-0.2861091,-0.19565138,-0.012533727,0.29675347,-0.60427547,-0.18904282,-0.38771513,-0.22134288,0.30506942,0.23923211,-0.4112666,0.38105428,-0.2999592,-0.3160503,-0.5019756,-0.48112303,0.286231,-0.05374412,-0.52672166,-0.000493773,0.10292425,-0.26219013,0.17963944,0.4466339,0.2478552}
max_norm	1	1	bias	{0.0346,0.0822,0.033,-0.1303,0.0905,0.0446,-0.0537,0.0581}	{0.009597218,0.025071599,0.08664283,-0.047174245,0.05005747,0.011905052,-0.0631086,0.115542665}
max_norm	2	0	kernel	{0.1414,-0.1513,0.4819,0.0983,-0.2816,0.0186,-0.3975,0.6739,-0.2155,-0.2459,-0.1212,0.5332,0.0182,0.4293,-0.264,0.2792}	{0.199845,0.0770982,0.50381446,-0.00125066,-0.56515133,-0.07591141,-0.12469105,0.61815584,0.3614107,-0.17617561,0.25649905,0.5166532,-0.043070942,0.6241928,-0.1559551,-0.07124879}
max_norm	2	1	bias	{0.0365,0.0294}	{-0.06104656,0.06793903}
\.

COPY golden_epoch (network, epoch, loss, val_loss, metrics) FROM stdin;
max_norm	1	0.34131703	\N	{}
max_norm	2	0.07475699	\N	{}
max_norm	3	0.044728283	\N	{}
max_norm	4	0.04003246	\N	{}
\.

COPY golden_evaluation (network, loss, metrics) FROM stdin;
max_norm	0.03444969	{}
\.

COPY golden_prediction (network, row, y) FROM stdin;
max_norm	1	{-0.709824,-1.3198388}
max_norm	2	{0.0023638569,-0.72858816}
max_norm	3	{0.11644189,-0.87079823}
max_norm	4	{0.014229488,1.3103492}
max_norm	5	{0.071414575,0.3467217}
max_norm	6	{0.25389543,0.424496}
max_norm	7	{-1.2400626,-0.8049484}
max_norm	8	{-0.72174597,-1.3454005}
\.

COPY golden_network (name, dataset, layers, loss, optimizer, metrics, x, y, options, weight, held) FROM stdin;
max_norm_default	table	nnet.input(5),\n    nnet.dense(8, activation => 'tanh', kernel_constraint => nnet.max_norm(), bias_constraint => nnet.max_norm(0.1)),\n    nnet.dense(2, activation => 'linear')	mean_squared_error	nnet.sgd(learning_rate => 0.3, momentum => 0.5)	{}	x	reals		\N	f
\.

COPY golden_tensor (network, layer, i, tensor, initial, final) FROM stdin;
max_norm_default	1	0	kernel	{-0.3275,0.4925,0.5957,-0.213,-0.6366,-0.5294,0.0612,-0.657,0.4029,-0.296,0.1996,-0.5116,0.1635,-0.2032,0.0394,-0.5691,-0.2646,0.0103,0.6282,-0.3272,-0.5088,-0.167,0.1713,0.5676,0.2822,-0.3614,0.5223,-0.3165,-0.4374,-0.4269,-0.572,0.3272,0.0355,-0.5846,-0.6254,-0.2413,-0.1115,0.1068,0.4796,0.2895}	{-0.42698067,0.1110484,0.71435434,0.08046287,-0.6873088,-0.29306778,0.08733557,-0.5694438,0.3522371,-0.19517303,0.08904961,-0.20153122,0.1568955,0.048189238,0.11605004,-0.50252855,-0.18221523,0.023800716,0.57771915,-0.74299896,-0.3252717,-0.44570944,-0.23260935,0.5310387,0.2318027,-0.5165758,0.6003573,-0.3424548,-0.46480155,-0.5547394,-0.6580355,0.42269382,-0.07824745,-0.69762385,-0.446832,0.104812115,-0.32081223,0.11422756,0.5933582,0.34266216}
max_norm_default	1	1	bias	{0.0346,0.0822,0.033,-0.1303,0.0905,0.0446,-0.0537,0.0581}	{-0.006206048,0.010473443,0.045034457,-0.014569698,-0.01894135,-0.03548881,-0.039489675,0.041270494}
max_norm_default	2	0	kernel	{0.1414,-0.1513,0.4819,0.0983,-0.2816,0.0186,-0.3975,0.6739,-0.2155,-0.2459,-0.1212,0.5332,0.0182,0.4293,-0.264,0.2792}	{0.23665057,0.09778452,0.48470926,0.0075645116,-0.37939176,-0.1290918,-0.19141276,0.5937507,0.45517287,-0.18707506,0.23439346,0.4430626,-0.072403155,0.5492952,-0.1289103,-0.0434895}
max_norm_default	2	1	bias	{0.0365,0.0294}	{-0.05407259,0.040462}
\.

COPY golden_epoch (network, epoch, loss, val_loss, metrics) FROM stdin;
max_norm_default	1	0.34733334	\N	{}
max_norm_default	2	0.083758764	\N	{}
max_norm_default	3	0.046321586	\N	{}
max_norm_default	4	0.039676163	\N	{}
\.

COPY golden_evaluation (network, loss, metrics) FROM stdin;
max_norm_default	0.032942515	{}
\.

COPY golden_prediction (network, row, y) FROM stdin;
max_norm_default	1	{-0.6994643,-1.2968618}
max_norm_default	2	{0.12316652,-0.726178}
max_norm_default	3	{0.18839878,-0.86361855}
max_norm_default	4	{0.033134744,1.3438374}
max_norm_default	5	{0.12559277,0.3741172}
max_norm_default	6	{0.26054242,0.46383116}
max_norm_default	7	{-1.179467,-0.8177693}
max_norm_default	8	{-0.6871135,-1.2868924}
\.

COPY golden_network (name, dataset, layers, loss, optimizer, metrics, x, y, options, weight, held) FROM stdin;
max_norm_rows	table	nnet.input(5),\n    nnet.dense(8, activation => 'tanh', kernel_constraint => nnet.max_norm(0.9, axis => 1), bias_constraint => NULL),\n    nnet.dense(2, activation => 'linear')	mean_squared_error	nnet.sgd(learning_rate => 0.3, momentum => 0.5)	{}	x	reals		\N	f
\.

COPY golden_tensor (network, layer, i, tensor, initial, final) FROM stdin;
max_norm_rows	1	0	kernel	{-0.3275,0.4925,0.5957,-0.213,-0.6366,-0.5294,0.0612,-0.657,0.4029,-0.296,0.1996,-0.5116,0.1635,-0.2032,0.0394,-0.5691,-0.2646,0.0103,0.6282,-0.3272,-0.5088,-0.167,0.1713,0.5676,0.2822,-0.3614,0.5223,-0.3165,-0.4374,-0.4269,-0.572,0.3272,0.0355,-0.5846,-0.6254,-0.2413,-0.1115,0.1068,0.4796,0.2895}	{-0.29978612,-0.054860182,0.5442575,0.09463796,-0.47272632,-0.15057562,0.055227425,-0.31544918,0.3141722,-0.1876015,0.08756246,-0.19963458,0.12120689,0.018787237,0.12314967,-0.4755431,-0.104908295,0.007781513,0.3775315,-0.5902938,-0.18028276,-0.35602176,-0.22906758,0.31021154,0.0896234,-0.350954,0.39218432,-0.24439299,-0.24573128,-0.39280215,-0.44323623,0.23265097,-0.06636415,-0.5525286,-0.24485722,0.14136657,-0.25751063,0.14146242,0.4825069,0.27451724}
max_norm_rows	1	1	bias	{0.0346,0.0822,0.033,-0.1303,0.0905,0.0446,-0.0537,0.0581}	{0.0072693545,0.009233375,0.05921583,-0.04290667,0.05971962,0.017767292,-0.07185846,0.119501166}
max_norm_rows	2	0	kernel	{0.1414,-0.1513,0.4819,0.0983,-0.2816,0.0186,-0.3975,0.6739,-0.2155,-0.2459,-0.1212,0.5332,0.0182,0.4293,-0.264,0.2792}	{0.2203302,0.05351883,0.57037497,0.037113816,-0.5148441,-0.18353234,-0.16761363,0.58749735,0.4277233,-0.11141995,0.25060594,0.5136261,-0.022830376,0.613817,-0.2448478,-0.09222185}
max_norm_rows	2	1	bias	{0.0365,0.0294}	{-0.07455087,0.06618914}
\.

COPY golden_epoch (network, epoch, loss, val_loss, metrics) FROM stdin;
max_norm_rows	1	0.356699	\N	{}
max_norm_rows	2	0.075606994	\N	{}
max_norm_rows	3	0.04943955	\N	{}
max_norm_rows	4	0.044353306	\N	{}
\.

COPY golden_evaluation (network, loss, metrics) FROM stdin;
max_norm_rows	0.038000546	{}
\.

COPY golden_prediction (network, row, y) FROM stdin;
max_norm_rows	1	{-0.64826316,-1.3609104}
max_norm_rows	2	{-0.013734747,-0.6940522}
max_norm_rows	3	{0.21767169,-0.7985593}
max_norm_rows	4	{0.0080889985,1.328019}
max_norm_rows	5	{0.07150328,0.38578945}
max_norm_rows	6	{0.23725176,0.43834293}
max_norm_rows	7	{-1.2020961,-0.7932557}
max_norm_rows	8	{-0.6803551,-1.3860941}
\.

COPY golden_network (name, dataset, layers, loss, optimizer, metrics, x, y, options, weight, held) FROM stdin;
max_norm_all	table	nnet.input(5),\n    nnet.dense(8, activation => 'tanh', kernel_constraint => nnet.max_norm(1.5, axis => ARRAY[0,1]), bias_constraint => NULL),\n    nnet.dense(2, activation => 'linear')	mean_squared_error	nnet.sgd(learning_rate => 0.3, momentum => 0.5)	{}	x	reals		\N	f
\.

COPY golden_tensor (network, layer, i, tensor, initial, final) FROM stdin;
max_norm_all	1	0	kernel	{-0.3275,0.4925,0.5957,-0.213,-0.6366,-0.5294,0.0612,-0.657,0.4029,-0.296,0.1996,-0.5116,0.1635,-0.2032,0.0394,-0.5691,-0.2646,0.0103,0.6282,-0.3272,-0.5088,-0.167,0.1713,0.5676,0.2822,-0.3614,0.5223,-0.3165,-0.4374,-0.4269,-0.572,0.3272,0.0355,-0.5846,-0.6254,-0.2413,-0.1115,0.1068,0.4796,0.2895}	{-0.22166951,-0.08284628,0.45502666,0.07257807,-0.3338643,-0.13377061,0.027004112,-0.2077308,0.13949847,-0.04815457,-0.022738714,-0.085962124,0.07692994,0.024228403,0.06594903,-0.21277279,-0.062364675,-0.04466793,0.2745822,-0.51945245,-0.094503835,-0.32190865,-0.23090243,0.20343938,0.096544065,-0.3178612,0.35855758,-0.2678871,-0.18061475,-0.36142302,-0.42580697,0.20297164,-0.06871874,-0.40990776,0.013990211,0.22834313,-0.19678417,0.1451263,0.3793774,0.19753924}
max_norm_all	1	1	bias	{0.0346,0.0822,0.033,-0.1303,0.0905,0.0446,-0.0537,0.0581}	{0.01666696,0.0062768674,0.06580666,-0.043826126,0.07730572,0.029565083,-0.058761004,0.1215171}
max_norm_all	2	0	kernel	{0.1414,-0.1513,0.4819,0.0983,-0.2816,0.0186,-0.3975,0.6739,-0.2155,-0.2459,-0.1212,0.5332,0.0182,0.4293,-0.264,0.2792}	{0.2007442,-0.0048281755,0.5604554,0.05001302,-0.6542471,-0.16749425,-0.11828436,0.6573725,0.36823544,-0.14031965,0.26732665,0.53680146,-0.008394407,0.60319203,-0.18684947,-0.0435203}
max_norm_all	2	1	bias	{0.0365,0.0294}	{-0.07330893,0.057465088}
\.

COPY golden_epoch (network, epoch, loss, val_loss, metrics) FROM stdin;
max_norm_all	1	0.3414302	\N	{}
max_norm_all	2	0.06981504	\N	{}
max_norm_all	3	0.04757775	\N	{}
max_norm_all	4	0.04364673	\N	{}
\.

COPY golden_evaluation (network, loss, metrics) FROM stdin;
max_norm_all	0.03778879	{}
\.

COPY golden_prediction (network, row, y) FROM stdin;
max_norm_all	1	{-0.7035872,-1.3855311}
max_norm_all	2	{-0.042962316,-0.71930665}
max_norm_all	3	{0.07440978,-0.8599221}
max_norm_all	4	{0.014274605,1.2793094}
max_norm_all	5	{0.0455494,0.3539168}
max_norm_all	6	{0.22850852,0.41946462}
max_norm_all	7	{-1.2266812,-0.8279355}
max_norm_all	8	{-0.7298326,-1.4347103}
\.

COPY golden_network (name, dataset, layers, loss, optimizer, metrics, x, y, options, weight, held) FROM stdin;
max_norm_negative_axis	table	nnet.input(5),\n    nnet.dense(8, activation => 'tanh', kernel_constraint => nnet.max_norm(0.8, axis => -1), bias_constraint => NULL),\n    nnet.dense(2, activation => 'linear')	mean_squared_error	nnet.sgd(learning_rate => 0.3, momentum => 0.5)	{}	x	reals		\N	f
\.

COPY golden_tensor (network, layer, i, tensor, initial, final) FROM stdin;
max_norm_negative_axis	1	0	kernel	{-0.3275,0.4925,0.5957,-0.213,-0.6366,-0.5294,0.0612,-0.657,0.4029,-0.296,0.1996,-0.5116,0.1635,-0.2032,0.0394,-0.5691,-0.2646,0.0103,0.6282,-0.3272,-0.5088,-0.167,0.1713,0.5676,0.2822,-0.3614,0.5223,-0.3165,-0.4374,-0.4269,-0.572,0.3272,0.0355,-0.5846,-0.6254,-0.2413,-0.1115,0.1068,0.4796,0.2895}	{-0.26423693,-0.07745533,0.5049905,0.092230104,-0.4072968,-0.12811919,0.046632484,-0.25659308,0.27318537,-0.1553137,0.06345888,-0.17186703,0.10952267,0.01886674,0.11738243,-0.41699407,-0.081831664,-0.009949435,0.31893957,-0.5402029,-0.13240182,-0.3326662,-0.2263213,0.24544737,0.0625432,-0.3123726,0.35086423,-0.23820557,-0.19273104,-0.35670787,-0.39562747,0.19431208,-0.066560365,-0.49562094,-0.14422092,0.17619997,-0.23329642,0.1433228,0.43792868,0.24301769}
max_norm_negative_axis	1	1	bias	{0.0346,0.0822,0.033,-0.1303,0.0905,0.0446,-0.0537,0.0581}	{0.010861848,0.0046839854,0.05373708,-0.040282175,0.07021626,0.02423906,-0.07022651,0.120807044}
max_norm_negative_axis	2	0	kernel	{0.1414,-0.1513,0.4819,0.0983,-0.2816,0.0186,-0.3975,0.6739,-0.2155,-0.2459,-0.1212,0.5332,0.0182,0.4293,-0.264,0.2792}	{0.2117409,0.030850915,0.5885529,0.044186067,-0.57266676,-0.19536522,-0.14047398,0.61878675,0.4079365,-0.10474473,0.26401788,0.53881764,-0.004647804,0.6245177,-0.2610638,-0.09080867}
max_norm_negative_axis	2	1	bias	{0.0365,0.0294}	{-0.073856115,0.06385088}
\.

COPY golden_epoch (network, epoch, loss, val_loss, metrics) FROM stdin;
max_norm_negative_axis	1	0.3550262	\N	{}
max_norm_negative_axis	2	0.07321517	\N	{}
max_norm_negative_axis	3	0.049936034	\N	{}
max_norm_negative_axis	4	0.045644954	\N	{}
\.

COPY golden_evaluation (network, loss, metrics) FROM stdin;
max_norm_negative_axis	0.039419923	{}
\.

COPY golden_prediction (network, row, y) FROM stdin;
max_norm_negative_axis	1	{-0.6480984,-1.3746833}
max_norm_negative_axis	2	{-0.032629173,-0.69269985}
max_norm_negative_axis	3	{0.18828198,-0.79891694}
max_norm_negative_axis	4	{0.0047307312,1.3136522}
max_norm_negative_axis	5	{0.065338016,0.38824}
max_norm_negative_axis	6	{0.23429191,0.4345047}
max_norm_negative_axis	7	{-1.2055104,-0.7931732}
max_norm_negative_axis	8	{-0.6809322,-1.4147875}
\.

COPY golden_network (name, dataset, layers, loss, optimizer, metrics, x, y, options, weight, held) FROM stdin;
min_max_norm_rate	table	nnet.input(5),\n    nnet.dense(8, activation => 'tanh', kernel_constraint => nnet.min_max_norm(min_value => 0.9, max_value => 1.1, rate => 0.3, axis => 1), bias_constraint => NULL),\n    nnet.dense(2, activation => 'linear')	mean_squared_error	nnet.sgd(learning_rate => 0.3, momentum => 0.5)	{}	x	reals		\N	f
\.

COPY golden_tensor (network, layer, i, tensor, initial, final) FROM stdin;
min_max_norm_rate	1	0	kernel	{-0.3275,0.4925,0.5957,-0.213,-0.6366,-0.5294,0.0612,-0.657,0.4029,-0.296,0.1996,-0.5116,0.1635,-0.2032,0.0394,-0.5691,-0.2646,0.0103,0.6282,-0.3272,-0.5088,-0.167,0.1713,0.5676,0.2822,-0.3614,0.5223,-0.3165,-0.4374,-0.4269,-0.572,0.3272,0.0355,-0.5846,-0.6254,-0.2413,-0.1115,0.1068,0.4796,0.2895}	{-0.36724144,0.03514968,0.6154582,0.088353775,-0.6002343,-0.22036377,0.07234343,-0.45931774,0.4306904,-0.26417425,0.13231185,-0.24385954,0.17258826,0.04267433,0.15712176,-0.6364039,-0.1524627,0.032049023,0.50490975,-0.6796947,-0.273325,-0.39497203,-0.21821183,0.45510882,0.15171152,-0.4288669,0.49252096,-0.27057534,-0.37022656,-0.4673582,-0.5367425,0.32679877,-0.07108013,-0.6699113,-0.42362258,0.09793518,-0.30320007,0.12487832,0.56729275,0.3340951}
min_max_norm_rate	1	1	bias	{0.0346,0.0822,0.033,-0.1303,0.0905,0.0446,-0.0537,0.0581}	{0.0013240301,0.021733642,0.06999286,-0.05050347,0.03251353,0.003671742,-0.07425687,0.11540851}
min_max_norm_rate	2	0	kernel	{0.1414,-0.1513,0.4819,0.0983,-0.2816,0.0186,-0.3975,0.6739,-0.2155,-0.2459,-0.1212,0.5332,0.0182,0.4293,-0.264,0.2792}	{0.22474611,0.07656101,0.5191689,0.042918146,-0.42258424,-0.16931722,-0.18847288,0.5898199,0.46786228,-0.15259102,0.24790682,0.4742299,-0.056289207,0.5763703,-0.1646126,-0.06936652}
min_max_norm_rate	2	1	bias	{0.0365,0.0294}	{-0.077413335,0.073224425}
\.

COPY golden_epoch (network, epoch, loss, val_loss, metrics) FROM stdin;
min_max_norm_rate	1	0.352475	\N	{}
min_max_norm_rate	2	0.084148094	\N	{}
min_max_norm_rate	3	0.04957205	\N	{}
min_max_norm_rate	4	0.043575563	\N	{}
\.

COPY golden_evaluation (network, loss, metrics) FROM stdin;
min_max_norm_rate	0.036249552	{}
\.

COPY golden_prediction (network, row, y) FROM stdin;
min_max_norm_rate	1	{-0.6570352,-1.3333145}
min_max_norm_rate	2	{0.051370814,-0.68407}
min_max_norm_rate	3	{0.22179867,-0.7913911}
min_max_norm_rate	4	{0.0046446472,1.35486}
min_max_norm_rate	5	{0.10522044,0.3849995}
min_max_norm_rate	6	{0.2499318,0.4520262}
min_max_norm_rate	7	{-1.1926544,-0.78003246}
min_max_norm_rate	8	{-0.6790171,-1.3207761}
\.

COPY golden_network (name, dataset, layers, loss, optimizer, metrics, x, y, options, weight, held) FROM stdin;
non_neg	table	nnet.input(5),\n    nnet.dense(8, activation => 'tanh', kernel_constraint => nnet.non_neg(), bias_constraint => nnet.non_neg()),\n    nnet.dense(2, activation => 'linear')	mean_squared_error	nnet.sgd(learning_rate => 0.3, momentum => 0.5)	{}	x	reals		\N	f
\.

COPY golden_tensor (network, layer, i, tensor, initial, final) FROM stdin;
non_neg	1	0	kernel	{-0.3275,0.4925,0.5957,-0.213,-0.6366,-0.5294,0.0612,-0.657,0.4029,-0.296,0.1996,-0.5116,0.1635,-0.2032,0.0394,-0.5691,-0.2646,0.0103,0.6282,-0.3272,-0.5088,-0.167,0.1713,0.5676,0.2822,-0.3614,0.5223,-0.3165,-0.4374,-0.4269,-0.572,0.3272,0.0355,-0.5846,-0.6254,-0.2413,-0.1115,0.1068,0.4796,0.2895}	{0.027857287,0.15472211,0.6636251,0.28919742,0.02827193,0.027981222,0.10017351,0.08848328,0.30999833,0.15489267,0.010623814,0.029037492,0.12991951,0.14141904,0.086050965,0.022029683,0.24967371,0.044731095,0.45206928,0,0.4488938,0,0,0.55622166,0.35991985,0,0.74467343,0.040603142,0.19820833,0.008698478,0,0.51080185,0,0.011536055,0.2150895,0.3367325,0,0.21337172,0.6219096,0.3158696}
non_neg	1	1	bias	{0.0346,0.0822,0.033,-0.1303,0.0905,0.0446,-0.0537,0.0581}	{0.016867884,0.043403946,0.09814707,0.06571372,0.07142921,0.08630074,0.0112302825,0.08547792}
non_neg	2	0	kernel	{0.1414,-0.1513,0.4819,0.0983,-0.2816,0.0186,-0.3975,0.6739,-0.2155,-0.2459,-0.1212,0.5332,0.0182,0.4293,-0.264,0.2792}	{0.12213259,-0.3110899,0.2860639,0.10309915,-0.89614016,-0.45301154,-0.25681728,0.5527942,0.19214392,-0.43131143,0.100411735,0.42235288,-0.15653642,0.5198529,-0.24600261,-0.500188}
non_neg	2	1	bias	{0.0365,0.0294}	{-0.01956778,0.053098634}
\.

COPY golden_epoch (network, epoch, loss, val_loss, metrics) FROM stdin;
non_neg	1	0.3920205	\N	{}
non_neg	2	0.10125091	\N	{}
non_neg	3	0.06249552	\N	{}
non_neg	4	0.059027504	\N	{}
\.

COPY golden_evaluation (network, loss, metrics) FROM stdin;
non_neg	0.050644405	{}
\.

COPY golden_prediction (network, row, y) FROM stdin;
non_neg	1	{-0.6330943,-1.4082966}
non_neg	2	{-0.07555333,-0.5939636}
non_neg	3	{0.09096006,-0.7516517}
non_neg	4	{0.09091309,1.439909}
non_neg	5	{0.058268197,0.37253433}
non_neg	6	{0.31172413,0.5181851}
non_neg	7	{-0.9445564,-0.5165029}
non_neg	8	{-0.67064136,-1.5703695}
\.

COPY golden_network (name, dataset, layers, loss, optimizer, metrics, x, y, options, weight, held) FROM stdin;
unit_norm_rows	table	nnet.input(5),\n    nnet.dense(8, activation => 'tanh', kernel_constraint => nnet.unit_norm(axis => 1), bias_constraint => NULL),\n    nnet.dense(2, activation => 'linear')	mean_squared_error	nnet.sgd(learning_rate => 0.3, momentum => 0.5)	{}	x	reals		\N	f
\.

COPY golden_tensor (network, layer, i, tensor, initial, final) FROM stdin;
unit_norm_rows	1	0	kernel	{-0.3275,0.4925,0.5957,-0.213,-0.6366,-0.5294,0.0612,-0.657,0.4029,-0.296,0.1996,-0.5116,0.1635,-0.2032,0.0394,-0.5691,-0.2646,0.0103,0.6282,-0.3272,-0.5088,-0.167,0.1713,0.5676,0.2822,-0.3614,0.5223,-0.3165,-0.4374,-0.4269,-0.572,0.3272,0.0355,-0.5846,-0.6254,-0.2413,-0.1115,0.1068,0.4796,0.2895}	{-0.34598246,-0.013585017,0.6086132,0.10620136,-0.5561409,-0.17133172,0.067087315,-0.39404893,0.4618413,-0.33397007,0.16878183,-0.29813913,0.16393436,0.012053108,0.17451099,-0.7073318,-0.12610732,0.026516989,0.44424674,-0.6312489,-0.22009362,-0.3865781,-0.23581098,0.36615923,0.10343177,-0.39030892,0.42946097,-0.2532388,-0.30295834,-0.43734762,-0.4814617,0.2711677,-0.06934896,-0.61499697,-0.34483442,0.11194938,-0.29163367,0.14282455,0.52749914,0.3190948}
unit_norm_rows	1	1	bias	{0.0346,0.0822,0.033,-0.1303,0.0905,0.0446,-0.0537,0.0581}	{-0.001551392,0.010421567,0.058237977,-0.04908882,0.047035106,0.0098734535,-0.07725828,0.123010375}
unit_norm_rows	2	0	kernel	{0.1414,-0.1513,0.4819,0.0983,-0.2816,0.0186,-0.3975,0.6739,-0.2155,-0.2459,-0.1212,0.5332,0.0182,0.4293,-0.264,0.2792}	{0.22386348,0.075510606,0.54738605,0.035713542,-0.45641607,-0.17605338,-0.19430625,0.56177354,0.46495408,-0.11376906,0.24797735,0.50421536,-0.023323102,0.60539764,-0.24340476,-0.08786346}
unit_norm_rows	2	1	bias	{0.0365,0.0294}	{-0.07132629,0.073795125}
\.

COPY golden_epoch (network, epoch, loss, val_loss, metrics) FROM stdin;
unit_norm_rows	1	0.3622362	\N	{}
unit_norm_rows	2	0.08309507	\N	{}
unit_norm_rows	3	0.051673718	\N	{}
unit_norm_rows	4	0.04471718	\N	{}
\.

COPY golden_evaluation (network, loss, metrics) FROM stdin;
unit_norm_rows	0.03779589	{}
\.

COPY golden_prediction (network, row, y) FROM stdin;
unit_norm_rows	1	{-0.63526165,-1.3502364}
unit_norm_rows	2	{0.012038298,-0.6866658}
unit_norm_rows	3	{0.28802353,-0.73995864}
unit_norm_rows	4	{-0.015937343,1.3492364}
unit_norm_rows	5	{0.085348345,0.38637537}
unit_norm_rows	6	{0.24080917,0.45437503}
unit_norm_rows	7	{-1.1553949,-0.7684627}
unit_norm_rows	8	{-0.6969772,-1.3608577}
\.

COPY golden_network (name, dataset, layers, loss, optimizer, metrics, x, y, options, weight, held) FROM stdin;
frozen	table	nnet.input(5),\n    nnet.dense(8, activation => 'tanh', kernel_constraint => nnet.max_norm(0.7), trainable => false),\n    nnet.dense(2, activation => 'linear')	mean_squared_error	nnet.sgd(learning_rate => 0.3, momentum => 0.5)	{}	x	reals		\N	f
\.

COPY golden_tensor (network, layer, i, tensor, initial, final) FROM stdin;
frozen	1	0	kernel	{-0.3275,0.4925,0.5957,-0.213,-0.6366,-0.5294,0.0612,-0.657,0.4029,-0.296,0.1996,-0.5116,0.1635,-0.2032,0.0394,-0.5691,-0.2646,0.0103,0.6282,-0.3272,-0.5088,-0.167,0.1713,0.5676,0.2822,-0.3614,0.5223,-0.3165,-0.4374,-0.4269,-0.572,0.3272,0.0355,-0.5846,-0.6254,-0.2413,-0.1115,0.1068,0.4796,0.2895}	{-0.3275,0.4925,0.5957,-0.213,-0.6366,-0.5294,0.0612,-0.657,0.4029,-0.296,0.1996,-0.5116,0.1635,-0.2032,0.0394,-0.5691,-0.2646,0.0103,0.6282,-0.3272,-0.5088,-0.167,0.1713,0.5676,0.2822,-0.3614,0.5223,-0.3165,-0.4374,-0.4269,-0.572,0.3272,0.0355,-0.5846,-0.6254,-0.2413,-0.1115,0.1068,0.4796,0.2895}
frozen	1	1	bias	{0.0346,0.0822,0.033,-0.1303,0.0905,0.0446,-0.0537,0.0581}	{0.0346,0.0822,0.033,-0.1303,0.0905,0.0446,-0.0537,0.0581}
frozen	2	0	kernel	{0.1414,-0.1513,0.4819,0.0983,-0.2816,0.0186,-0.3975,0.6739,-0.2155,-0.2459,-0.1212,0.5332,0.0182,0.4293,-0.264,0.2792}	{0.3467628,0.21160623,0.51874757,-0.0127635915,-0.13944353,-0.5327744,-0.10433288,0.5013071,0.6328553,-0.10578659,0.33826432,0.22318918,-0.12282548,0.6367191,-0.09141661,-0.6205614}
frozen	2	1	bias	{0.0365,0.0294}	{-0.23175865,0.17961966}
\.

COPY golden_epoch (network, epoch, loss, val_loss, metrics) FROM stdin;
frozen	1	0.41910574	\N	{}
frozen	2	0.17035943	\N	{}
frozen	3	0.116093606	\N	{}
frozen	4	0.10565107	\N	{}
\.

COPY golden_evaluation (network, loss, metrics) FROM stdin;
frozen	0.094340034	{}
\.

COPY golden_prediction (network, row, y) FROM stdin;
frozen	1	{-0.7261789,-1.2709147}
frozen	2	{0.010201097,-0.2703961}
frozen	3	{-0.08162494,-0.0633291}
frozen	4	{0.30293792,1.343894}
frozen	5	{0.23265252,0.1845084}
frozen	6	{0.24626541,0.4147118}
frozen	7	{-1.1572092,-0.4941969}
frozen	8	{-0.6851095,-1.4074895}
\.

COPY golden_network (name, dataset, layers, loss, optimizer, metrics, x, y, options, weight, held) FROM stdin;
with_accumulation	table	nnet.input(5),\n    nnet.dense(8, activation => 'tanh', kernel_constraint => nnet.unit_norm(), bias_constraint => NULL),\n    nnet.dense(2, activation => 'linear')	mean_squared_error	nnet.sgd(learning_rate => 0.3, gradient_accumulation_steps => 3)	{}	x	reals		\N	f
\.

COPY golden_tensor (network, layer, i, tensor, initial, final) FROM stdin;
with_accumulation	1	0	kernel	{-0.3275,0.4925,0.5957,-0.213,-0.6366,-0.5294,0.0612,-0.657,0.4029,-0.296,0.1996,-0.5116,0.1635,-0.2032,0.0394,-0.5691,-0.2646,0.0103,0.6282,-0.3272,-0.5088,-0.167,0.1713,0.5676,0.2822,-0.3614,0.5223,-0.3165,-0.4374,-0.4269,-0.572,0.3272,0.0355,-0.5846,-0.6254,-0.2413,-0.1115,0.1068,0.4796,0.2895}	{-0.575665,0.40261307,0.5806061,-0.10490116,-0.7250606,-0.6409592,0.13736238,-0.5294656,0.58610857,-0.3219875,0.1515303,-0.5407792,0.1254599,-0.11072339,0.20260069,-0.48940048,-0.39212778,-0.02812527,0.51036936,-0.64088625,-0.48060024,-0.370832,0.057043243,0.5071417,0.41330907,-0.46912464,0.44995582,-0.4780173,-0.45211232,-0.6370556,-0.7259358,0.34466514,0.022312474,-0.71648985,-0.420711,-0.23941134,-0.1521993,0.1831808,0.64019346,0.3227482}
with_accumulation	1	1	bias	{0.0346,0.0822,0.033,-0.1303,0.0905,0.0446,-0.0537,0.0581}	{0.007721151,0.033565387,0.06805589,-0.07247892,0.09019312,0.06265124,-0.042803,0.100609064}
with_accumulation	2	0	kernel	{0.1414,-0.1513,0.4819,0.0983,-0.2816,0.0186,-0.3975,0.6739,-0.2155,-0.2459,-0.1212,0.5332,0.0182,0.4293,-0.264,0.2792}	{0.25536406,0.021410106,0.45569077,0.023593247,-0.51160336,-0.029711282,-0.15064749,0.55481166,0.16061647,-0.18425852,0.19529924,0.4581564,-0.043016948,0.5465516,-0.17785196,-0.065616615}
with_accumulation	2	1	bias	{0.0365,0.0294}	{-0.10840824,0.076679885}
\.

COPY golden_epoch (network, epoch, loss, val_loss, metrics) FROM stdin;
with_accumulation	1	0.59079254	\N	{}
with_accumulation	2	0.2864947	\N	{}
with_accumulation	3	0.18323873	\N	{}
with_accumulation	4	0.13639279	\N	{}
\.

COPY golden_evaluation (network, loss, metrics) FROM stdin;
with_accumulation	0.119053334	{}
\.

COPY golden_prediction (network, row, y) FROM stdin;
with_accumulation	1	{-0.6825756,-1.2423775}
with_accumulation	2	{0.04552971,-0.377201}
with_accumulation	3	{-0.015267,-0.08500804}
with_accumulation	4	{0.3309948,1.06323}
with_accumulation	5	{0.21620885,0.004861571}
with_accumulation	6	{0.21996161,0.44791666}
with_accumulation	7	{-0.9811928,-0.5953112}
with_accumulation	8	{-0.62718964,-1.0863407}
\.

COPY golden_network (name, dataset, layers, loss, optimizer, metrics, x, y, options, weight, held) FROM stdin;
with_accumulation_clipped	table	nnet.input(5),\n    nnet.dense(8, activation => 'tanh', kernel_constraint => nnet.max_norm(0.7), bias_constraint => nnet.non_neg()),\n    nnet.dense(2, activation => 'linear')	mean_squared_error	nnet.adam(learning_rate => 0.05, gradient_accumulation_steps => 2, clipnorm => 0.1)	{}	x	reals		\N	f
\.

COPY golden_tensor (network, layer, i, tensor, initial, final) FROM stdin;
with_accumulation_clipped	1	0	kernel	{-0.3275,0.4925,0.5957,-0.213,-0.6366,-0.5294,0.0612,-0.657,0.4029,-0.296,0.1996,-0.5116,0.1635,-0.2032,0.0394,-0.5691,-0.2646,0.0103,0.6282,-0.3272,-0.5088,-0.167,0.1713,0.5676,0.2822,-0.3614,0.5223,-0.3165,-0.4374,-0.4269,-0.572,0.3272,0.0355,-0.5846,-0.6254,-0.2413,-0.1115,0.1068,0.4796,0.2895}	{-0.5687233,-0.068068646,0.4863569,0.13959731,-0.42770794,-0.10125873,0.09999442,0.030249638,0.2360278,-0.07365648,-0.037407495,-0.18306173,-0.10876367,0.07388551,0.16714269,-0.1669119,-0.038417768,-0.21375693,0.27992907,-0.6169483,0.017462097,-0.40934515,-0.2640864,0.035834435,-0.027738892,-0.43166307,0.39948303,-0.20008972,-0.14087597,-0.4768287,-0.43741378,0.4750477,-0.3295437,-0.49791187,0.11878742,0.12782691,-0.20282225,0.28170627,0.4370261,0.4840152}
with_accumulation_clipped	1	1	bias	{0.0346,0.0822,0.033,-0.1303,0.0905,0.0446,-0.0537,0.0581}	{0.0047719167,0.007753786,0.08036126,0.12333457,0.27244174,0.0337733,0,0.39248577}
with_accumulation_clipped	2	0	kernel	{0.1414,-0.1513,0.4819,0.0983,-0.2816,0.0186,-0.3975,0.6739,-0.2155,-0.2459,-0.1212,0.5332,0.0182,0.4293,-0.264,0.2792}	{0.42747146,0.114124514,0.36727995,-0.044998445,-0.6739995,-0.08672504,-0.05216211,0.6476236,0.20717022,-0.110325575,0.29530644,0.4634035,-0.0077132294,0.5463041,-0.2721689,-0.068252265}
with_accumulation_clipped	2	1	bias	{0.0365,0.0294}	{-0.07382524,-0.04057631}
\.

COPY golden_epoch (network, epoch, loss, val_loss, metrics) FROM stdin;
with_accumulation_clipped	1	0.51125103	\N	{}
with_accumulation_clipped	2	0.16050123	\N	{}
with_accumulation_clipped	3	0.07209079	\N	{}
with_accumulation_clipped	4	0.058295105	\N	{}
\.

COPY golden_evaluation (network, loss, metrics) FROM stdin;
with_accumulation_clipped	0.050053045	{}
\.

COPY golden_prediction (network, row, y) FROM stdin;
with_accumulation_clipped	1	{-0.8364358,-1.267602}
with_accumulation_clipped	2	{-0.0024204925,-0.80333054}
with_accumulation_clipped	3	{0.056239724,-0.9763174}
with_accumulation_clipped	4	{-0.1382879,1.1298034}
with_accumulation_clipped	5	{0.06056653,0.37536612}
with_accumulation_clipped	6	{0.2590947,0.32941768}
with_accumulation_clipped	7	{-1.5976989,-0.70227575}
with_accumulation_clipped	8	{-0.87514985,-1.2908894}
\.

COPY golden_network (name, dataset, layers, loss, optimizer, metrics, x, y, options, weight, held) FROM stdin;
with_ema_overwrites	table	nnet.input(5),\n    nnet.dense(8, activation => 'tanh', kernel_constraint => nnet.unit_norm(), bias_constraint => NULL),\n    nnet.dense(2, activation => 'linear')	mean_squared_error	nnet.adam(learning_rate => 0.05, use_ema => true, ema_momentum => 0.8, ema_overwrite_frequency => 4)	{}	x	reals		\N	f
\.

COPY golden_tensor (network, layer, i, tensor, initial, final) FROM stdin;
with_ema_overwrites	1	0	kernel	{-0.3275,0.4925,0.5957,-0.213,-0.6366,-0.5294,0.0612,-0.657,0.4029,-0.296,0.1996,-0.5116,0.1635,-0.2032,0.0394,-0.5691,-0.2646,0.0103,0.6282,-0.3272,-0.5088,-0.167,0.1713,0.5676,0.2822,-0.3614,0.5223,-0.3165,-0.4374,-0.4269,-0.572,0.3272,0.0355,-0.5846,-0.6254,-0.2413,-0.1115,0.1068,0.4796,0.2895}	{-0.76291126,0.1955341,0.6884499,-0.023458056,-0.8817015,-0.42934573,0.118129015,-0.2898668,0.47863874,-0.34409046,0.12967366,-0.4169784,-0.10779819,0.05626943,0.25152034,-0.42858523,-0.3692753,-0.18961607,0.47619244,-0.8192415,-0.2548292,-0.549865,-0.14459087,0.4321787,0.13027824,-0.5617793,0.5488592,-0.38645744,-0.31277227,-0.6708787,-0.79991746,0.45660362,-0.15644512,-0.7126888,-0.102319464,0.000157604,-0.22507422,0.2911078,0.5411201,0.58664316}
with_ema_overwrites	1	1	bias	{0.0346,0.0822,0.033,-0.1303,0.0905,0.0446,-0.0537,0.0581}	{-0.06392404,-0.12978798,0.12099662,-0.045569524,0.07497015,0.0705519,-0.013760811,0.3304453}
with_ema_overwrites	2	0	kernel	{0.1414,-0.1513,0.4819,0.0983,-0.2816,0.0186,-0.3975,0.6739,-0.2155,-0.2459,-0.1212,0.5332,0.0182,0.4293,-0.264,0.2792}	{0.28890783,0.10669354,0.39776972,-0.025698207,-0.55165946,0.014247964,-0.16001679,0.5914296,0.11113341,-0.2457547,0.16234949,0.49918005,-0.041389905,0.6086813,-0.19096486,-0.016646922}
with_ema_overwrites	2	1	bias	{0.0365,0.0294}	{-0.059218924,0.07275696}
\.

COPY golden_epoch (network, epoch, loss, val_loss, metrics) FROM stdin;
with_ema_overwrites	1	0.46153456	\N	{}
with_ema_overwrites	2	0.15120605	\N	{}
with_ema_overwrites	3	0.07460593	\N	{}
with_ema_overwrites	4	0.057932112	\N	{}
\.

COPY golden_evaluation (network, loss, metrics) FROM stdin;
with_ema_overwrites	0.049441006	{}
\.

COPY golden_prediction (network, row, y) FROM stdin;
with_ema_overwrites	1	{-0.7846076,-1.2662493}
with_ema_overwrites	2	{0.047517154,-0.6743057}
with_ema_overwrites	3	{0.12679173,-0.7736369}
with_ema_overwrites	4	{0.09987517,1.3411977}
with_ema_overwrites	5	{0.11621325,0.32959908}
with_ema_overwrites	6	{0.26022285,0.44879788}
with_ema_overwrites	7	{-1.2975998,-0.68839633}
with_ema_overwrites	8	{-0.77032685,-1.2774553}
\.

COPY golden_network (name, dataset, layers, loss, optimizer, metrics, x, y, options, weight, held) FROM stdin;
with_clipnorm	table	nnet.input(5),\n    nnet.dense(8, activation => 'tanh', kernel_constraint => nnet.max_norm(0.7), bias_constraint => nnet.max_norm(0.1)),\n    nnet.dense(2, activation => 'linear')	mean_squared_error	nnet.sgd(learning_rate => 0.5, momentum => 0.5, clipnorm => 0.2)	{}	x	reals		\N	f
\.

COPY golden_tensor (network, layer, i, tensor, initial, final) FROM stdin;
with_clipnorm	1	0	kernel	{-0.3275,0.4925,0.5957,-0.213,-0.6366,-0.5294,0.0612,-0.657,0.4029,-0.296,0.1996,-0.5116,0.1635,-0.2032,0.0394,-0.5691,-0.2646,0.0103,0.6282,-0.3272,-0.5088,-0.167,0.1713,0.5676,0.2822,-0.3614,0.5223,-0.3165,-0.4374,-0.4269,-0.572,0.3272,0.0355,-0.5846,-0.6254,-0.2413,-0.1115,0.1068,0.4796,0.2895}	{-0.4383173,-0.019027818,0.4600193,0.07221901,-0.5168508,-0.186718,0.034845192,-0.28050277,0.36139077,-0.14786802,0.014010739,-0.12341703,0.075335026,0.017138075,0.0748555,-0.30054796,-0.19216259,-0.038049653,0.3238665,-0.61124086,-0.23315465,-0.39338157,-0.23873629,0.29385665,0.1982994,-0.41915718,0.3967614,-0.27995464,-0.33933058,-0.51166,-0.4772572,0.27254966,-0.08695582,-0.48627338,-0.04312052,0.13252343,-0.19393249,0.19569746,0.4454355,0.2587734}
with_clipnorm	1	1	bias	{0.0346,0.0822,0.033,-0.1303,0.0905,0.0446,-0.0537,0.0581}	{-0.013317053,-0.011613592,0.0043775467,0.008219491,0.0021589797,-0.040257514,-0.031253677,0.024556698}
with_clipnorm	2	0	kernel	{0.1414,-0.1513,0.4819,0.0983,-0.2816,0.0186,-0.3975,0.6739,-0.2155,-0.2459,-0.1212,0.5332,0.0182,0.4293,-0.264,0.2792}	{0.27056444,0.08968088,0.5388182,0.02528322,-0.5312799,-0.11964744,-0.17351712,0.644825,0.34629223,-0.13981265,0.23774564,0.56939334,-0.07539912,0.59532195,-0.1952075,0.00770061}
with_clipnorm	2	1	bias	{0.0365,0.0294}	{-0.033480328,0.05454829}
\.

COPY golden_epoch (network, epoch, loss, val_loss, metrics) FROM stdin;
with_clipnorm	1	0.4238841	\N	{}
with_clipnorm	2	0.08469176	\N	{}
with_clipnorm	3	0.052515525	\N	{}
with_clipnorm	4	0.047079913	\N	{}
\.

COPY golden_evaluation (network, loss, metrics) FROM stdin;
with_clipnorm	0.038536325	{}
\.

COPY golden_prediction (network, row, y) FROM stdin;
with_clipnorm	1	{-0.665343,-1.3648075}
with_clipnorm	2	{-0.007011749,-0.7134822}
with_clipnorm	3	{0.1422053,-0.8631929}
with_clipnorm	4	{0.070914105,1.3654194}
with_clipnorm	5	{0.09494729,0.44345188}
with_clipnorm	6	{0.27243987,0.5215747}
with_clipnorm	7	{-1.1963369,-0.9054665}
with_clipnorm	8	{-0.6941562,-1.3831687}
\.

COPY golden_network (name, dataset, layers, loss, optimizer, metrics, x, y, options, weight, held) FROM stdin;
with_clipvalue	table	nnet.input(5),\n    nnet.dense(8, activation => 'tanh', kernel_constraint => nnet.min_max_norm(min_value => 0.9, max_value => 1.1, rate => 0.3), bias_constraint => nnet.non_neg()),\n    nnet.dense(2, activation => 'linear')	mean_squared_error	nnet.sgd(learning_rate => 0.5, momentum => 0.5, clipvalue => 0.05)	{}	x	reals		\N	f
\.

COPY golden_tensor (network, layer, i, tensor, initial, final) FROM stdin;
with_clipvalue	1	0	kernel	{-0.3275,0.4925,0.5957,-0.213,-0.6366,-0.5294,0.0612,-0.657,0.4029,-0.296,0.1996,-0.5116,0.1635,-0.2032,0.0394,-0.5691,-0.2646,0.0103,0.6282,-0.3272,-0.5088,-0.167,0.1713,0.5676,0.2822,-0.3614,0.5223,-0.3165,-0.4374,-0.4269,-0.572,0.3272,0.0355,-0.5846,-0.6254,-0.2413,-0.1115,0.1068,0.4796,0.2895}	{-0.6494604,0.020368041,0.6614201,0.0070264125,-0.69168425,-0.3112828,0.124986,-0.39603987,0.48372433,-0.23763376,0.14627852,-0.2548525,-0.0022494516,0.07286006,0.21666984,-0.4981661,-0.27421197,-0.06630028,0.52151686,-0.80007625,-0.31527436,-0.53725874,-0.27430847,0.4663995,0.1843212,-0.55390567,0.60234666,-0.37529716,-0.4407596,-0.7408415,-0.6873489,0.46869564,-0.1551111,-0.67137724,-0.15756504,0.0020033184,-0.21635722,0.29282168,0.6178038,0.45413935}
with_clipvalue	1	1	bias	{0.0346,0.0822,0.033,-0.1303,0.0905,0.0446,-0.0537,0.0581}	{0.018197477,0.06257202,0.059577025,0.023344355,0.11623325,0.0014963009,0,0.1839027}
with_clipvalue	2	0	kernel	{0.1414,-0.1513,0.4819,0.0983,-0.2816,0.0186,-0.3975,0.6739,-0.2155,-0.2459,-0.1212,0.5332,0.0182,0.4293,-0.264,0.2792}	{0.3178342,0.08937077,0.50122714,0.05632601,-0.45697823,-0.014869823,-0.2531283,0.6199699,0.2920468,-0.27139962,0.17950042,0.6108986,-0.064032964,0.49765512,-0.20794094,0.10689469}
with_clipvalue	2	1	bias	{0.0365,0.0294}	{-0.04675415,-0.01465767}
\.

COPY golden_epoch (network, epoch, loss, val_loss, metrics) FROM stdin;
with_clipvalue	1	0.44691736	\N	{}
with_clipvalue	2	0.09980175	\N	{}
with_clipvalue	3	0.052864246	\N	{}
with_clipvalue	4	0.04315696	\N	{}
\.

COPY golden_evaluation (network, loss, metrics) FROM stdin;
with_clipvalue	0.0344151	{}
\.

COPY golden_prediction (network, row, y) FROM stdin;
with_clipvalue	1	{-0.6366637,-1.3459026}
with_clipvalue	2	{0.08835584,-0.85005814}
with_clipvalue	3	{0.3245756,-0.9893911}
with_clipvalue	4	{0.097309545,1.3090194}
with_clipvalue	5	{0.12940855,0.39804223}
with_clipvalue	6	{0.3350325,0.5088298}
with_clipvalue	7	{-1.210926,-0.8845788}
with_clipvalue	8	{-0.6501858,-1.258506}
\.

COPY golden_network (name, dataset, layers, loss, optimizer, metrics, x, y, options, weight, held) FROM stdin;
with_global_clipnorm	table	nnet.input(5),\n    nnet.dense(8, activation => 'tanh', kernel_constraint => nnet.unit_norm(), bias_constraint => nnet.non_neg()),\n    nnet.dense(2, activation => 'linear')	mean_squared_error	nnet.sgd(learning_rate => 0.5, momentum => 0.5, global_clipnorm => 0.3)	{}	x	reals		\N	f
\.

COPY golden_tensor (network, layer, i, tensor, initial, final) FROM stdin;
with_global_clipnorm	1	0	kernel	{-0.3275,0.4925,0.5957,-0.213,-0.6366,-0.5294,0.0612,-0.657,0.4029,-0.296,0.1996,-0.5116,0.1635,-0.2032,0.0394,-0.5691,-0.2646,0.0103,0.6282,-0.3272,-0.5088,-0.167,0.1713,0.5676,0.2822,-0.3614,0.5223,-0.3165,-0.4374,-0.4269,-0.572,0.3272,0.0355,-0.5846,-0.6254,-0.2413,-0.1115,0.1068,0.4796,0.2895}	{-0.5990601,0.21025236,0.622283,0.027048668,-0.7211284,-0.41949102,0.083305724,-0.50812334,0.60708255,-0.25101066,0.0572615,-0.3249124,0.14050692,-0.012819969,0.067980416,-0.49680957,-0.35700443,0.07035352,0.4744436,-0.79061526,-0.33325124,-0.52125806,-0.32238683,0.5101065,0.37602687,-0.5574241,0.55387414,-0.51598674,-0.49972782,-0.7258061,-0.6728548,0.3479225,-0.061066516,-0.7596816,-0.27858835,0.04883895,-0.31535223,0.15924256,0.65709335,0.33724165}
with_global_clipnorm	1	1	bias	{0.0346,0.0822,0.033,-0.1303,0.0905,0.0446,-0.0537,0.0581}	{0.012689369,0.080198064,0.09539984,0.017061869,0.013275836,0.013379005,0.010145242,0.08772002}
with_global_clipnorm	2	0	kernel	{0.1414,-0.1513,0.4819,0.0983,-0.2816,0.0186,-0.3975,0.6739,-0.2155,-0.2459,-0.1212,0.5332,0.0182,0.4293,-0.264,0.2792}	{0.21606867,0.17398056,0.4496807,-0.029401433,-0.41187486,-0.07739113,-0.15405925,0.5642533,0.4375264,-0.21337394,0.23778272,0.43417144,-0.10695752,0.5905633,-0.10722347,-0.09940622}
with_global_clipnorm	2	1	bias	{0.0365,0.0294}	{-0.026879337,0.019528938}
\.

COPY golden_epoch (network, epoch, loss, val_loss, metrics) FROM stdin;
with_global_clipnorm	1	0.44516474	\N	{}
with_global_clipnorm	2	0.11659182	\N	{}
with_global_clipnorm	3	0.06188684	\N	{}
with_global_clipnorm	4	0.048010573	\N	{}
\.

COPY golden_evaluation (network, loss, metrics) FROM stdin;
with_global_clipnorm	0.038183294	{}
\.

COPY golden_prediction (network, row, y) FROM stdin;
with_global_clipnorm	1	{-0.63198215,-1.2569864}
with_global_clipnorm	2	{0.16871327,-0.7359152}
with_global_clipnorm	3	{0.22528213,-0.82436365}
with_global_clipnorm	4	{0.09294985,1.3958589}
with_global_clipnorm	5	{0.2004628,0.4545318}
with_global_clipnorm	6	{0.33128515,0.59437454}
with_global_clipnorm	7	{-1.1314195,-0.85073715}
with_global_clipnorm	8	{-0.5903168,-1.3185459}
\.

COPY golden_network (name, dataset, layers, loss, optimizer, metrics, x, y, options, weight, held) FROM stdin;
with_lamb	table	nnet.input(5),\n    nnet.dense(8, activation => 'tanh', kernel_constraint => nnet.max_norm(0.7), bias_constraint => nnet.non_neg()),\n    nnet.dense(2, activation => 'linear')	mean_squared_error	nnet.lamb(learning_rate => 0.1)	{}	x	reals		\N	f
\.

COPY golden_tensor (network, layer, i, tensor, initial, final) FROM stdin;
with_lamb	1	0	kernel	{-0.3275,0.4925,0.5957,-0.213,-0.6366,-0.5294,0.0612,-0.657,0.4029,-0.296,0.1996,-0.5116,0.1635,-0.2032,0.0394,-0.5691,-0.2646,0.0103,0.6282,-0.3272,-0.5088,-0.167,0.1713,0.5676,0.2822,-0.3614,0.5223,-0.3165,-0.4374,-0.4269,-0.572,0.3272,0.0355,-0.5846,-0.6254,-0.2413,-0.1115,0.1068,0.4796,0.2895}	{-0.51050997,-0.118364654,0.39262378,0.16089208,-0.2770038,0.11067858,0.0399832,0.012490512,0.118042976,0.07138406,-0.057933845,-0.1803469,-0.05158923,-0.03606957,-0.11417661,0.100581616,0.08666168,-0.08161959,0.17530477,-0.5529861,0.22623786,-0.4813874,-0.3337981,-0.107374854,0.12648502,-0.49523455,0.39751294,-0.1435126,0.17800853,-0.28445342,-0.41875684,0.32209387,-0.4381057,-0.45828196,0.3791329,0.324344,-0.56566787,0.40472394,0.43426538,0.6036997}
with_lamb	1	1	bias	{0.0346,0.0822,0.033,-0.1303,0.0905,0.0446,-0.0537,0.0581}	{0,0,0.15048942,0.069176964,0.11116527,0.020625826,0.0023819555,0.2537678}
with_lamb	2	0	kernel	{0.1414,-0.1513,0.4819,0.0983,-0.2816,0.0186,-0.3975,0.6739,-0.2155,-0.2459,-0.1212,0.5332,0.0182,0.4293,-0.264,0.2792}	{0.3600718,0.21900047,-0.3898908,-0.04103049,-0.7636458,-0.26448715,0.22711353,0.8412122,0.4984725,0.079998225,0.64110756,0.46237847,-0.037663072,0.7901458,-0.17655972,-0.3210891}
with_lamb	2	1	bias	{0.0365,0.0294}	{-0.014377187,0.0245681}
\.

COPY golden_epoch (network, epoch, loss, val_loss, metrics) FROM stdin;
with_lamb	1	0.42541552	\N	{}
with_lamb	2	0.09298258	\N	{}
with_lamb	3	0.09513886	\N	{}
with_lamb	4	0.09639989	\N	{}
\.

COPY golden_evaluation (network, loss, metrics) FROM stdin;
with_lamb	0.100133404	{}
\.

COPY golden_prediction (network, row, y) FROM stdin;
with_lamb	1	{-0.33959815,-1.5948855}
with_lamb	2	{-0.0684997,-1.1998991}
with_lamb	3	{0.33108404,-0.6882485}
with_lamb	4	{-0.101711005,1.287685}
with_lamb	5	{0.22991873,0.40326488}
with_lamb	6	{0.3945517,0.7021925}
with_lamb	7	{-1.116185,-1.3212539}
with_lamb	8	{-0.22980627,-1.4131325}
\.

COPY golden_network (name, dataset, layers, loss, optimizer, metrics, x, y, options, weight, held) FROM stdin;
with_lamb_clipped	table	nnet.input(5),\n    nnet.dense(8, activation => 'tanh', kernel_constraint => nnet.unit_norm(), bias_constraint => NULL),\n    nnet.dense(2, activation => 'linear')	mean_squared_error	nnet.lamb(learning_rate => 0.05, global_clipnorm => 0.2)	{}	x	reals		\N	f
\.

COPY golden_tensor (network, layer, i, tensor, initial, final) FROM stdin;
with_lamb_clipped	1	0	kernel	{-0.3275,0.4925,0.5957,-0.213,-0.6366,-0.5294,0.0612,-0.657,0.4029,-0.296,0.1996,-0.5116,0.1635,-0.2032,0.0394,-0.5691,-0.2646,0.0103,0.6282,-0.3272,-0.5088,-0.167,0.1713,0.5676,0.2822,-0.3614,0.5223,-0.3165,-0.4374,-0.4269,-0.572,0.3272,0.0355,-0.5846,-0.6254,-0.2413,-0.1115,0.1068,0.4796,0.2895}	{-0.7864039,-0.028680775,0.64807177,0.11473135,-0.9104481,-0.16273943,0.12324122,-0.08152653,0.48112765,-0.1474486,-0.008228197,-0.31932342,-0.10987164,0.06927639,0.14291003,-0.40092352,-0.03969652,-0.07035084,0.2901244,-0.8515161,-0.105243936,-0.53760237,-0.3210156,0.1262263,0.07807691,-0.65824187,0.6727955,-0.32906026,-0.3142931,-0.7114299,-0.68276864,0.6095526,-0.3773764,-0.7343055,0.20762745,0.22695495,-0.22171104,0.41661444,0.6286208,0.6671776}
with_lamb_clipped	1	1	bias	{0.0346,0.0822,0.033,-0.1303,0.0905,0.0446,-0.0537,0.0581}	{-0.03668628,-0.0013592993,0.09323406,-0.0714594,0.0682314,0.055065375,-0.031575155,0.15926997}
with_lamb_clipped	2	0	kernel	{0.1414,-0.1513,0.4819,0.0983,-0.2816,0.0186,-0.3975,0.6739,-0.2155,-0.2459,-0.1212,0.5332,0.0182,0.4293,-0.264,0.2792}	{0.34720352,0.14256155,0.33247912,0.00718505,-0.5580274,0.007661037,-0.17335367,0.5215635,0.15892057,-0.09239279,0.19873531,0.4196444,0.045383688,0.4352578,-0.34390983,0.013277467}
with_lamb_clipped	2	1	bias	{0.0365,0.0294}	{0.003159822,0.04291748}
\.

COPY golden_epoch (network, epoch, loss, val_loss, metrics) FROM stdin;
with_lamb_clipped	1	0.54078585	\N	{}
with_lamb_clipped	2	0.19645649	\N	{}
with_lamb_clipped	3	0.07307224	\N	{}
with_lamb_clipped	4	0.060228303	\N	{}
\.

COPY golden_evaluation (network, loss, metrics) FROM stdin;
with_lamb_clipped	0.047465324	{}
\.

COPY golden_prediction (network, row, y) FROM stdin;
with_lamb_clipped	1	{-0.66846174,-1.074891}
with_lamb_clipped	2	{0.07074245,-0.6887992}
with_lamb_clipped	3	{0.015567593,-0.83234835}
with_lamb_clipped	4	{-0.3735871,1.1512091}
with_lamb_clipped	5	{-0.06269555,0.42323467}
with_lamb_clipped	6	{0.109322645,0.45737073}
with_lamb_clipped	7	{-1.292474,-0.7339945}
with_lamb_clipped	8	{-0.80823153,-1.0985006}
\.

COPY golden_network (name, dataset, layers, loss, optimizer, metrics, x, y, options, weight, held) FROM stdin;
with_muon	table	nnet.input(5),\n    nnet.dense(8, activation => 'tanh', kernel_constraint => nnet.max_norm(0.7), bias_constraint => nnet.max_norm(0.1)),\n    nnet.dense(2, activation => 'linear')	mean_squared_error	nnet.muon(learning_rate => 0.05)	{}	x	reals		\N	f
\.

COPY golden_tensor (network, layer, i, tensor, initial, final) FROM stdin;
with_muon	1	0	kernel	{-0.3275,0.4925,0.5957,-0.213,-0.6366,-0.5294,0.0612,-0.657,0.4029,-0.296,0.1996,-0.5116,0.1635,-0.2032,0.0394,-0.5691,-0.2646,0.0103,0.6282,-0.3272,-0.5088,-0.167,0.1713,0.5676,0.2822,-0.3614,0.5223,-0.3165,-0.4374,-0.4269,-0.572,0.3272,0.0355,-0.5846,-0.6254,-0.2413,-0.1115,0.1068,0.4796,0.2895}	{-0.385759,0.08065447,0.46764675,0.15261471,-0.45138252,-0.38130426,0.056143947,-0.28996032,0.17351976,-0.30699572,-0.01685916,-0.34213844,0.08013086,0.042501997,0.1876541,-0.15827763,-0.34143955,-0.14313793,0.4403931,-0.43945152,-0.29794586,-0.21859376,-0.15917605,0.27686375,0.24209824,-0.39865804,0.24864948,-0.3796684,-0.18148643,-0.48736033,-0.35155198,0.42676678,0.07325163,-0.28455803,-0.06490423,-0.11069388,-0.11685851,0.23978558,0.3879853,0.34941033}
with_muon	1	1	bias	{0.0346,0.0822,0.033,-0.1303,0.0905,0.0446,-0.0537,0.0581}	{-0.04667499,-0.026279587,0.039993413,0.0178709,0.048209984,0.012027516,-0.005016633,0.052133873}
with_muon	2	0	kernel	{0.1414,-0.1513,0.4819,0.0983,-0.2816,0.0186,-0.3975,0.6739,-0.2155,-0.2459,-0.1212,0.5332,0.0182,0.4293,-0.264,0.2792}	{0.19538592,0.058014452,0.46451238,0.029959038,-0.47188458,-0.124587335,-0.24346086,0.5628538,0.014935844,-0.15774323,0.098373935,0.44806576,0.0030626028,0.6434649,-0.19039026,-0.16406223}
with_muon	2	1	bias	{0.0365,0.0294}	{-0.07214521,0.07035926}
\.

COPY golden_epoch (network, epoch, loss, val_loss, metrics) FROM stdin;
with_muon	1	0.55529714	\N	{}
with_muon	2	0.35712874	\N	{}
with_muon	3	0.22956927	\N	{}
with_muon	4	0.14190967	\N	{}
\.

COPY golden_evaluation (network, loss, metrics) FROM stdin;
with_muon	0.10647009	{}
\.

COPY golden_prediction (network, row, y) FROM stdin;
with_muon	1	{-0.5797137,-1.2331628}
with_muon	2	{-0.113137305,-0.45268533}
with_muon	3	{0.028222807,-0.6244985}
with_muon	4	{0.22459365,1.090986}
with_muon	5	{0.08015451,0.11962257}
with_muon	6	{0.17089078,0.33944437}
with_muon	7	{-0.8098286,-0.6590569}
with_muon	8	{-0.55555815,-1.2030332}
\.

COPY golden_network (name, dataset, layers, loss, optimizer, metrics, x, y, options, weight, held) FROM stdin;
with_muon_clipped	table	nnet.input(5),\n    nnet.dense(8, activation => 'tanh', kernel_constraint => nnet.min_max_norm(min_value => 0.9, max_value => 1.1, rate => 0.3), bias_constraint => NULL),\n    nnet.dense(2, activation => 'linear')	mean_squared_error	nnet.muon(learning_rate => 0.05, clipnorm => 0.1)	{}	x	reals		\N	f
\.

COPY golden_tensor (network, layer, i, tensor, initial, final) FROM stdin;
with_muon_clipped	1	0	kernel	{-0.3275,0.4925,0.5957,-0.213,-0.6366,-0.5294,0.0612,-0.657,0.4029,-0.296,0.1996,-0.5116,0.1635,-0.2032,0.0394,-0.5691,-0.2646,0.0103,0.6282,-0.3272,-0.5088,-0.167,0.1713,0.5676,0.2822,-0.3614,0.5223,-0.3165,-0.4374,-0.4269,-0.572,0.3272,0.0355,-0.5846,-0.6254,-0.2413,-0.1115,0.1068,0.4796,0.2895}	{-0.5393751,0.22528727,0.6430795,0.073144585,-0.6406662,-0.5785393,0.06530615,-0.5389423,0.3366304,-0.3904059,0.07995438,-0.5384698,0.063775405,-0.04262154,0.27688277,-0.4154109,-0.49374235,-0.23968963,0.6785767,-0.58549196,-0.51250386,-0.3067985,-0.06892727,0.51546264,0.34513864,-0.5071397,0.41514227,-0.4181521,-0.31138405,-0.68360955,-0.6173665,0.5527819,0.13275431,-0.49499583,-0.24170625,-0.19979516,-0.14551702,0.28512648,0.5529512,0.45652938}
with_muon_clipped	1	1	bias	{0.0346,0.0822,0.033,-0.1303,0.0905,0.0446,-0.0537,0.0581}	{-0.13268363,-0.062060356,0.05804761,-0.018211162,0.58933175,0.22768398,-0.07936853,0.71223104}
with_muon_clipped	2	0	kernel	{0.1414,-0.1513,0.4819,0.0983,-0.2816,0.0186,-0.3975,0.6739,-0.2155,-0.2459,-0.1212,0.5332,0.0182,0.4293,-0.264,0.2792}	{0.2239972,0.057241246,0.44657052,0.036189884,-0.48448926,-0.1082009,-0.2504105,0.54290926,0.010519508,-0.12996648,0.07778875,0.4475583,0.00019290275,0.61601233,-0.20815864,-0.16432667}
with_muon_clipped	2	1	bias	{0.0365,0.0294}	{-0.00043781893,0.12198843}
\.

COPY golden_epoch (network, epoch, loss, val_loss, metrics) FROM stdin;
with_muon_clipped	1	0.5901013	\N	{}
with_muon_clipped	2	0.3764396	\N	{}
with_muon_clipped	3	0.24419466	\N	{}
with_muon_clipped	4	0.15656327	\N	{}
\.

COPY golden_evaluation (network, loss, metrics) FROM stdin;
with_muon_clipped	0.12148184	{}
\.

COPY golden_prediction (network, row, y) FROM stdin;
with_muon_clipped	1	{-0.68250847,-1.4856322}
with_muon_clipped	2	{-0.030735599,-0.3277768}
with_muon_clipped	3	{-0.039081845,-0.30474877}
with_muon_clipped	4	{0.342974,1.1523333}
with_muon_clipped	5	{0.14353532,0.08890492}
with_muon_clipped	6	{0.1770701,0.42012417}
with_muon_clipped	7	{-0.88848466,-0.8184565}
with_muon_clipped	8	{-0.6729489,-1.3404036}
\.

COPY golden_network (name, dataset, layers, loss, optimizer, metrics, x, y, options, weight, held) FROM stdin;
with_adafactor	table	nnet.input(5),\n    nnet.dense(8, activation => 'tanh', kernel_constraint => nnet.max_norm(0.7), bias_constraint => nnet.non_neg()),\n    nnet.dense(2, activation => 'linear')	mean_squared_error	nnet.adafactor(learning_rate => 0.05)	{}	x	reals		\N	f
\.

COPY golden_tensor (network, layer, i, tensor, initial, final) FROM stdin;
with_adafactor	1	0	kernel	{-0.3275,0.4925,0.5957,-0.213,-0.6366,-0.5294,0.0612,-0.657,0.4029,-0.296,0.1996,-0.5116,0.1635,-0.2032,0.0394,-0.5691,-0.2646,0.0103,0.6282,-0.3272,-0.5088,-0.167,0.1713,0.5676,0.2822,-0.3614,0.5223,-0.3165,-0.4374,-0.4269,-0.572,0.3272,0.0355,-0.5846,-0.6254,-0.2413,-0.1115,0.1068,0.4796,0.2895}	{-0.5497126,0.12817104,0.47592798,-0.020062461,-0.45863453,-0.33499408,0.082931794,-0.17661582,0.29990554,-0.20587613,0.07831612,-0.32267463,-0.027403103,0.012626999,0.19723341,-0.27929348,-0.274869,-0.11570334,0.34145024,-0.48905793,-0.059894424,-0.37771282,-0.18048792,0.35783857,0.054225687,-0.40650037,0.37290645,-0.28683692,-0.16977653,-0.43668243,-0.4749161,0.3591645,-0.13920906,-0.5025507,-0.0413699,-0.057288505,-0.15907134,0.21038255,0.43139303,0.3517872}
with_adafactor	1	1	bias	{0.0346,0.0822,0.033,-0.1303,0.0905,0.0446,-0.0537,0.0581}	{0,0.044898674,0.070601836,0.022569103,0.1124308,0.03722565,0.0015054299,0.09953765}
with_adafactor	2	0	kernel	{0.1414,-0.1513,0.4819,0.0983,-0.2816,0.0186,-0.3975,0.6739,-0.2155,-0.2459,-0.1212,0.5332,0.0182,0.4293,-0.264,0.2792}	{0.31633082,0.023412181,0.46965632,-0.00062667206,-0.50671494,-0.03549636,-0.2360727,0.65425026,0.0077072224,-0.23473336,0.08653662,0.56751436,0.010726373,0.7024445,-0.26553276,-0.014732495}
with_adafactor	2	1	bias	{0.0365,0.0294}	{0.019269407,0.028694095}
\.

COPY golden_epoch (network, epoch, loss, val_loss, metrics) FROM stdin;
with_adafactor	1	0.50277436	\N	{}
with_adafactor	2	0.2841216	\N	{}
with_adafactor	3	0.15910287	\N	{}
with_adafactor	4	0.09354005	\N	{}
\.

COPY golden_evaluation (network, loss, metrics) FROM stdin;
with_adafactor	0.067528486	{}
\.

COPY golden_prediction (network, row, y) FROM stdin;
with_adafactor	1	{-0.43510902,-1.4042082}
with_adafactor	2	{-0.08074409,-0.6211143}
with_adafactor	3	{-0.036021147,-0.5777244}
with_adafactor	4	{0.14081258,1.3041956}
with_adafactor	5	{0.05438562,0.32793874}
with_adafactor	6	{0.16089205,0.47255936}
with_adafactor	7	{-0.84656215,-0.749046}
with_adafactor	8	{-0.44916207,-1.3380505}
\.

COPY golden_network (name, dataset, layers, loss, optimizer, metrics, x, y, options, weight, held) FROM stdin;
with_ftrl	table	nnet.input(5),\n    nnet.dense(8, activation => 'tanh', kernel_constraint => nnet.max_norm(0.7), bias_constraint => nnet.non_neg()),\n    nnet.dense(2, activation => 'linear')	mean_squared_error	nnet.ftrl(learning_rate => 0.3)	{}	x	reals		\N	f
\.

COPY golden_tensor (network, layer, i, tensor, initial, final) FROM stdin;
with_ftrl	1	0	kernel	{-0.3275,0.4925,0.5957,-0.213,-0.6366,-0.5294,0.0612,-0.657,0.4029,-0.296,0.1996,-0.5116,0.1635,-0.2032,0.0394,-0.5691,-0.2646,0.0103,0.6282,-0.3272,-0.5088,-0.167,0.1713,0.5676,0.2822,-0.3614,0.5223,-0.3165,-0.4374,-0.4269,-0.572,0.3272,0.0355,-0.5846,-0.6254,-0.2413,-0.1115,0.1068,0.4796,0.2895}	{-0.07032972,-0.22255863,0.47409335,0.080185056,-0.14728133,-0.17591156,-0.112152085,0.027720707,-0.013380417,-0.035202235,-0.054762073,0.057141986,0.0018885784,0.14713113,0.16603123,0.03091671,-0.19747643,-0.3899092,0.115460515,-0.01623495,0.3128129,-0.109072804,-0.30911732,0.42033827,-0.15472312,-0.5298868,0.32759914,0.07845201,0.1208181,-0.167823,-0.3267189,0.4527643,0.1570639,0.08011972,0.37627667,-0.07104743,-0.37133822,-0.19928065,-0.016864669,-0.32649004}
with_ftrl	1	1	bias	{0.0346,0.0822,0.033,-0.1303,0.0905,0.0446,-0.0537,0.0581}	{0.03584523,0,0.02872717,0,0.0007981563,0,0,0}
with_ftrl	2	0	kernel	{0.1414,-0.1513,0.4819,0.0983,-0.2816,0.0186,-0.3975,0.6739,-0.2155,-0.2459,-0.1212,0.5332,0.0182,0.4293,-0.264,0.2792}	{-0.0040649995,0.23714906,0.411908,0.53960824,-0.6884279,0.09439847,0.01427839,-0.046388384,0.20964296,-0.3921911,0.29264498,0.044908598,0.28295025,0.34939846,-0.041133888,-0.5877033}
with_ftrl	2	1	bias	{0.0365,0.0294}	{-0.07335902,0.023566019}
\.

COPY golden_epoch (network, epoch, loss, val_loss, metrics) FROM stdin;
with_ftrl	1	0.42820218	\N	{}
with_ftrl	2	0.081154905	\N	{}
with_ftrl	3	0.048459567	\N	{}
with_ftrl	4	0.04412708	\N	{}
\.

COPY golden_evaluation (network, loss, metrics) FROM stdin;
with_ftrl	0.042798035	{}
\.

COPY golden_prediction (network, row, y) FROM stdin;
with_ftrl	1	{-0.66091037,-1.3666993}
with_ftrl	2	{-0.043580614,-0.6705341}
with_ftrl	3	{-0.0028253421,-0.82609123}
with_ftrl	4	{-0.027077395,1.3361422}
with_ftrl	5	{0.044314124,0.46173435}
with_ftrl	6	{0.22247165,0.5145423}
with_ftrl	7	{-1.196121,-0.87419814}
with_ftrl	8	{-0.7278985,-1.4786406}
\.

COPY golden_network (name, dataset, layers, loss, optimizer, metrics, x, y, options, weight, held) FROM stdin;
with_schedule_free	table	nnet.input(5),\n    nnet.dense(8, activation => 'tanh', kernel_constraint => nnet.max_norm(0.7), bias_constraint => nnet.non_neg()),\n    nnet.dense(2, activation => 'linear')	mean_squared_error	nnet.schedule_free_adamw(learning_rate => 0.05)	{}	x	reals		\N	f
\.

COPY golden_tensor (network, layer, i, tensor, initial, final) FROM stdin;
with_schedule_free	1	0	kernel	{-0.3275,0.4925,0.5957,-0.213,-0.6366,-0.5294,0.0612,-0.657,0.4029,-0.296,0.1996,-0.5116,0.1635,-0.2032,0.0394,-0.5691,-0.2646,0.0103,0.6282,-0.3272,-0.5088,-0.167,0.1713,0.5676,0.2822,-0.3614,0.5223,-0.3165,-0.4374,-0.4269,-0.572,0.3272,0.0355,-0.5846,-0.6254,-0.2413,-0.1115,0.1068,0.4796,0.2895}	{-0.5284696,0.056567192,0.446025,0.051482778,-0.6121545,-0.2362122,0.09555861,-0.15737107,0.25393724,-0.19425745,0.07961875,-0.24775723,-0.1348672,0.066982724,0.18930915,-0.2952762,-0.2659796,-0.16439728,0.34854788,-0.5985638,-0.15904671,-0.40212587,-0.15112355,0.34676197,-0.061671115,-0.4014162,0.40376997,-0.25137517,-0.22231337,-0.44983461,-0.5067429,0.31764424,-0.26774454,-0.5107862,-0.01437285,0.06706455,-0.14952767,0.25624302,0.4066985,0.3961116}
with_schedule_free	1	1	bias	{0.0346,0.0822,0.033,-0.1303,0.0905,0.0446,-0.0537,0.0581}	{0,0,0.13083918,0,0.17755239,0.010668221,0,0.29343817}
with_schedule_free	2	0	kernel	{0.1414,-0.1513,0.4819,0.0983,-0.2816,0.0186,-0.3975,0.6739,-0.2155,-0.2459,-0.1212,0.5332,0.0182,0.4293,-0.264,0.2792}	{0.4103552,0.1099996,0.45713976,0.014005348,-0.55896956,-0.066685215,-0.17230746,0.682312,0.11626828,-0.22805724,0.16173095,0.5571512,0.03801089,0.6677567,-0.21488658,0.030354425}
with_schedule_free	2	1	bias	{0.0365,0.0294}	{-0.05668998,0.022516038}
\.

COPY golden_epoch (network, epoch, loss, val_loss, metrics) FROM stdin;
with_schedule_free	1	0.43162495	\N	{}
with_schedule_free	2	0.16279815	\N	{}
with_schedule_free	3	0.07745602	\N	{}
with_schedule_free	4	0.050857615	\N	{}
\.

COPY golden_evaluation (network, loss, metrics) FROM stdin;
with_schedule_free	0.043394487	{}
\.

COPY golden_prediction (network, row, y) FROM stdin;
with_schedule_free	1	{-0.75664645,-1.3910292}
with_schedule_free	2	{-0.17837822,-0.7449588}
with_schedule_free	3	{0.0038810186,-0.9341625}
with_schedule_free	4	{0.09240964,1.2896456}
with_schedule_free	5	{0.020977776,0.33290455}
with_schedule_free	6	{0.21608964,0.37670535}
with_schedule_free	7	{-1.3178693,-0.7307014}
with_schedule_free	8	{-0.72121364,-1.4139972}
\.

COPY golden_network (name, dataset, layers, loss, optimizer, metrics, x, y, options, weight, held) FROM stdin;
with_adamw	table	nnet.input(5),\n    nnet.dense(8, activation => 'tanh', kernel_constraint => nnet.unit_norm(), bias_constraint => nnet.non_neg()),\n    nnet.dense(2, activation => 'linear')	mean_squared_error	nnet.adamw(learning_rate => 0.05, weight_decay => 0.1)	{}	x	reals		\N	f
\.

COPY golden_tensor (network, layer, i, tensor, initial, final) FROM stdin;
with_adamw	1	0	kernel	{-0.3275,0.4925,0.5957,-0.213,-0.6366,-0.5294,0.0612,-0.657,0.4029,-0.296,0.1996,-0.5116,0.1635,-0.2032,0.0394,-0.5691,-0.2646,0.0103,0.6282,-0.3272,-0.5088,-0.167,0.1713,0.5676,0.2822,-0.3614,0.5223,-0.3165,-0.4374,-0.4269,-0.572,0.3272,0.0355,-0.5846,-0.6254,-0.2413,-0.1115,0.1068,0.4796,0.2895}	{-0.7742932,0.01233299,0.6322248,0.09801187,-0.7158314,-0.09952043,0.08035942,-0.18093967,0.47934029,-0.20187376,-0.037722148,-0.34750095,0.049140047,0.09278864,0.076217026,-0.23690164,-0.031685576,-0.21088187,0.30202922,-0.8480954,-0.0234457,-0.5691425,-0.31794238,0.17819732,0.08975819,-0.60405904,0.6545209,-0.31701037,-0.3258375,-0.7138314,-0.71119463,0.51817834,-0.40204751,-0.741442,0.2815124,0.22332735,-0.61518335,0.3847171,0.61712873,0.781585}
with_adamw	1	1	bias	{0.0346,0.0822,0.033,-0.1303,0.0905,0.0446,-0.0537,0.0581}	{0.1359461,0.05116114,0.09251477,0.06470702,0.24781877,0.05673166,0,0.49537465}
with_adamw	2	0	kernel	{0.1414,-0.1513,0.4819,0.0983,-0.2816,0.0186,-0.3975,0.6739,-0.2155,-0.2459,-0.1212,0.5332,0.0182,0.4293,-0.264,0.2792}	{0.25720802,0.17593397,0.19448254,-0.06118659,-0.4869779,0.0045381426,-0.0640927,0.49729717,0.22973476,-0.16213909,0.28013474,0.3499594,0.009542627,0.46302602,-0.16747752,-0.08777249}
with_adamw	2	1	bias	{0.0365,0.0294}	{-0.030008772,0.0059843473}
\.

COPY golden_epoch (network, epoch, loss, val_loss, metrics) FROM stdin;
with_adamw	1	0.4153004	\N	{}
with_adamw	2	0.098868206	\N	{}
with_adamw	3	0.07984383	\N	{}
with_adamw	4	0.04013833	\N	{}
\.

COPY golden_evaluation (network, loss, metrics) FROM stdin;
with_adamw	0.03175729	{}
\.

COPY golden_prediction (network, row, y) FROM stdin;
with_adamw	1	{-0.5781815,-1.083572}
with_adamw	2	{0.021600896,-0.7515785}
with_adamw	3	{0.054696493,-0.83355844}
with_adamw	4	{-0.14796542,1.0542248}
with_adamw	5	{0.0755388,0.409938}
with_adamw	6	{0.2740384,0.4030728}
with_adamw	7	{-1.2079908,-0.698203}
with_adamw	8	{-0.58701193,-1.1135061}
\.

COPY golden_network (name, dataset, layers, loss, optimizer, metrics, x, y, options, weight, held) FROM stdin;
simple_rnn	steps	nnet.input(6, 3),\n    nnet.simple_rnn(4, kernel_constraint => nnet.max_norm(0.6), recurrent_constraint => nnet.unit_norm(), bias_constraint => nnet.non_neg()),\n    nnet.dense(2, activation => 'linear')	mean_squared_error	nnet.sgd(learning_rate => 0.1, momentum => 0.5)	{}	x	reals		\N	f
\.

COPY golden_tensor (network, layer, i, tensor, initial, final) FROM stdin;
simple_rnn	1	0	simple_rnn_cell/kernel	{0.169,-0.1809,0.5759,0.1175,-0.3365,0.0223,-0.4751,0.8054,-0.2576,-0.2939,-0.1448,0.6373}	{0.18619196,-0.22176793,0.22917703,-0.112477586,0.002840739,-0.18974183,-0.0008240897,0.45237938,-0.53510344,-0.30402005,0.0162496,0.2867784}
simple_rnn	1	1	simple_rnn_cell/recurrent_kernel	{0.4397,-0.4356,0.7678,0.1652,-0.4526,-0.7056,-0.2459,0.4866,0.6989,-0.3802,-0.5747,-0.1918,0.3368,0.4095,-0.1405,0.8361}	{0.23551658,-0.264139,0.8275667,0.18495075,-0.62685955,-0.6565496,0.15347777,0.4840892,0.6033037,-0.5612976,-0.42554125,-0.1495947,0.43313226,0.42908967,-0.33240375,0.84206414}
simple_rnn	1	2	simple_rnn_cell/bias	{0.0346,0.0822,0.033,-0.1303}	{0.13900737,0.007307616,0.0516619,0}
simple_rnn	2	0	kernel	{-0.0265,-0.9859,-0.5588,0.7304,-0.2788,0.4026,0.4468,0.1286}	{0.051280152,-0.7002218,-0.28210327,0.5251214,-0.3745554,0.5540539,0.35401577,-0.0326418}
simple_rnn	2	1	bias	{0.0905,0.0446}	{-0.036258884,0.055472936}
\.

COPY golden_epoch (network, epoch, loss, val_loss, metrics) FROM stdin;
simple_rnn	1	0.75086623	\N	{}
simple_rnn	2	0.4494386	\N	{}
simple_rnn	3	0.39805806	\N	{}
simple_rnn	4	0.37996632	\N	{}
\.

COPY golden_evaluation (network, loss, metrics) FROM stdin;
simple_rnn	0.3535768	{}
\.

COPY golden_prediction (network, row, y) FROM stdin;
simple_rnn	1	{-0.47910845,0.53284335}
simple_rnn	2	{-0.057605382,-0.6782683}
simple_rnn	3	{-0.5182922,0.8542459}
simple_rnn	4	{-0.047800917,-0.2152085}
simple_rnn	5	{-0.08981256,0.10725626}
simple_rnn	6	{-0.5312869,0.77908766}
simple_rnn	7	{-0.05691335,0.2653716}
simple_rnn	8	{-0.13547368,0.64046836}
\.

COPY golden_network (name, dataset, layers, loss, optimizer, metrics, x, y, options, weight, held) FROM stdin;
lstm	steps	nnet.input(6, 3),\n    nnet.lstm(4, kernel_constraint => nnet.max_norm(0.6), recurrent_constraint => nnet.unit_norm(), bias_constraint => nnet.non_neg()),\n    nnet.dense(2, activation => 'linear')	mean_squared_error	nnet.sgd(learning_rate => 0.3, momentum => 0.5)	{}	x	reals		\N	f
\.

COPY golden_tensor (network, layer, i, tensor, initial, final) FROM stdin;
lstm	1	0	lstm_cell/kernel	{-0.2709,0.4074,0.4927,-0.1762,-0.5266,-0.4379,0.0506,-0.5434,0.3332,-0.2448,0.1651,-0.4232,0.1353,-0.1681,0.0326,-0.4708,-0.2189,0.0085,0.5197,-0.2707,-0.4208,-0.1382,0.1417,0.4695,0.2334,-0.2989,0.4321,-0.2618,-0.3618,-0.3531,-0.4732,0.2707,0.0294,-0.4835,-0.5173,-0.1996,-0.0922,0.0883,0.3967,0.2395,0.3081,-0.1475,-0.1603,0.3687,-0.0458,-0.1268,-0.029,0.2693}	{-0.2260579,0.31537148,0.3255082,-0.20119694,-0.46713468,-0.47855228,0.059462953,-0.44512537,0.23171744,-0.23886783,0.08627627,-0.39363766,0.19489524,-0.196267,0.016506685,-0.4784568,-0.14172493,0.0066795233,0.31912667,-0.26262155,-0.3580939,-0.17523432,0.1545159,0.3660766,0.31858385,-0.5266784,0.2454723,-0.0064721103,-0.3957349,-0.36385265,-0.5404703,0.2698272,0.16144682,-0.38991874,-0.38360056,-0.11209081,-0.06412843,0.1018987,0.40175635,0.16688699,-0.37291774,-0.1598497,0.13703309,0.4527774,0.0034617682,-0.07458546,-0.07482378,0.2413965}
lstm	1	1	lstm_cell/recurrent_kernel	{0.1462,-0.0283,0.297,-0.2825,-0.3302,0.1281,0.1498,0.759,0.1306,0.0028,-0.0518,-0.0304,0.0102,-0.1963,0.0059,-0.1627,-0.2348,-0.5265,-0.1595,-0.0334,0.0929,0.2461,0.5119,-0.0536,0.0948,0.1215,-0.2491,0.281,-0.3082,0.0307,-0.198,-0.0847,-0.0257,-0.1583,-0.2741,-0.4804,-0.303,0.2603,-0.3661,-0.1546,-0.0425,0.2956,-0.3187,-0.1003,0.0292,0.063,0.3584,0.1294,-0.143,0.364,0.0578,-0.2062,-0.3193,-0.0861,0.2997,-0.0806,0.0057,-0.1501,0.1718,-0.0489,-0.5674,0.2408,0.1106,0.3859}	{0.47101614,-0.044509664,0.6752605,-0.4738251,-0.59670484,0.32534647,0.20846015,0.97068065,0.7335816,-0.051608853,-0.13987483,-0.0636607,0.009827964,-0.61882865,0.01168751,-0.36583963,-0.74278045,-0.79095244,-0.36776248,-0.056956824,0.15862902,0.6354569,0.71856475,-0.079118915,0.62236536,0.411181,-0.51365805,0.9260639,-0.4729302,0.10131197,-0.46862668,-0.19326654,-0.09205419,-0.24060242,-0.62490857,-0.805822,-0.54268456,0.671415,-0.51411664,-0.19627441,-0.2677513,0.8793074,-0.69107366,-0.28540137,0.045051727,0.20298511,0.842741,0.29094622,-0.4668477,0.5608239,0.13514061,-0.3505657,-0.56945,-0.19886178,0.4193961,-0.11399663,-0.053183142,-0.23470227,0.48888382,-0.23853455,-0.87989235,0.752053,0.26465032,0.8626468}
lstm	1	2	lstm_cell/bias	{0.0346,0.0822,0.033,-0.1303,1.0905,1.0446,0.9463,1.0581,0.0365,0.0294,0.0028,0.0547,-0.0736,-0.0163,-0.0482,0.0599}	{0.047736704,0.11695368,0.008790822,0.008892838,1.0547706,1.0443556,0.9162134,0.9940687,0.07486285,0.16481756,0.08405297,0.12791568,0.050240327,0.012713054,0.00020959834,0.041366298}
lstm	2	0	kernel	{-0.0265,-0.9859,-0.5588,0.7304,-0.2788,0.4026,0.4468,0.1286}	{0.1371156,-0.9897702,-0.7674083,0.648906,-0.1217812,0.39339334,0.3147757,0.27089718}
lstm	2	1	bias	{0.004,-0.0292}	{0.029670417,-0.18117064}
\.

COPY golden_epoch (network, epoch, loss, val_loss, metrics) FROM stdin;
lstm	1	0.60027224	\N	{}
lstm	2	0.5601354	\N	{}
lstm	3	0.5366374	\N	{}
lstm	4	0.521875	\N	{}
\.

COPY golden_evaluation (network, loss, metrics) FROM stdin;
lstm	0.49975207	{}
\.

COPY golden_prediction (network, row, y) FROM stdin;
lstm	1	{-0.10622448,0.1442695}
lstm	2	{-0.22711158,-0.01671426}
lstm	3	{-0.26154006,0.5254459}
lstm	4	{0.02964912,-0.4276931}
lstm	5	{0.058108974,-0.23956504}
lstm	6	{-0.18119864,0.12493044}
lstm	7	{0.03585502,-0.03854528}
lstm	8	{-0.044002026,-0.20725626}
\.

COPY golden_network (name, dataset, layers, loss, optimizer, metrics, x, y, options, weight, held) FROM stdin;
gru	steps	nnet.input(6, 3),\n    nnet.gru(4, kernel_constraint => nnet.max_norm(0.6), recurrent_constraint => nnet.unit_norm(), bias_constraint => nnet.max_norm(0.1)),\n    nnet.dense(2, activation => 'linear')	mean_squared_error	nnet.sgd(learning_rate => 0.3, momentum => 0.5)	{}	x	reals		\N	f
\.

COPY golden_tensor (network, layer, i, tensor, initial, final) FROM stdin;
gru	1	0	gru_cell/kernel	{-0.3048,0.4585,0.5545,-0.1983,-0.5927,-0.4929,0.057,-0.6116,0.375,-0.2755,0.1859,-0.4763,0.1523,-0.1891,0.0367,-0.5298,-0.2464,0.0096,0.5849,-0.3046,-0.4736,-0.1555,0.1595,0.5284,0.2627,-0.3364,0.4863,-0.2947,-0.4072,-0.3974,-0.5325,0.3046,0.0331,-0.5442,-0.5822,-0.2246}	{-0.12592524,0.29024425,0.4029345,-0.11748727,-0.42951986,-0.5007044,0.042509668,-0.4878447,0.2781422,-0.41381705,0.36932445,-0.3614941,0.20114268,-0.10219787,0.003189231,-0.57981056,-0.13788906,0.09019296,0.42456606,-0.24457753,0.110663205,-0.15328376,-0.19636756,0.47154072,0.11467993,-0.5150861,0.4138856,-0.10008151,-0.33509243,-0.31805694,-0.4165407,0.24937774,-0.51999086,-0.4065211,-0.26736206,-0.076822266}
gru	1	1	gru_cell/recurrent_kernel	{0.1512,-0.0293,0.3072,-0.2922,-0.3415,0.1325,0.155,0.785,0.1351,0.0029,-0.0535,-0.0314,-0.253,-0.5686,-0.171,-0.0372,0.099,0.2662,0.5533,-0.0549,0.1029,0.1312,-0.2691,0.3033,-0.0068,-0.112,-0.2919,-0.5101,-0.3291,0.2515,-0.463,-0.1905,-0.062,0.3087,-0.3176,-0.1402,-0.3036,0.4324,-0.0424,-0.3406,-0.4533,-0.0676,0.4908,-0.3062,-0.0024,-0.1637,0.1761,-0.0239}	{0.34774503,-0.0929681,0.64643335,-0.42310017,-0.5063538,0.33223483,0.19193944,0.90911174,0.6873526,-0.015183963,-0.17082015,-0.028609341,-0.61174494,-0.8254274,-0.37506583,-0.01931466,0.1728269,0.6776998,0.63111824,-0.06751906,0.67843556,0.25102183,-0.6028878,0.91788924,-0.012695481,-0.16262387,-0.6588533,-0.75493354,-0.49569872,0.63526547,-0.51290715,-0.21585388,-0.21132547,0.77664405,-0.72668463,-0.39177158,-0.71040845,0.53252196,-0.08580066,-0.50068784,-0.6841193,-0.1636475,0.54934055,-0.34980562,0.15037604,-0.57756495,0.28155988,-0.05635287}
gru	1	2	gru_cell/bias	{0.0346,0.0822,0.033,-0.1303,0.0905,0.0446,-0.0537,0.0581,0.0365,0.0294,0.0028,0.0547,-0.0736,-0.0163,-0.0482,0.0599,0.004,-0.0292,-0.0782,-0.0257,8e-04,-0.0276,0.1294,0.1007}	{0.08816032,-0.016119108,-0.01828479,-0.04822811,0.09172476,0.062183462,-0.01408067,0.04933337,0.075298086,0.08631958,0.041762777,-0.099626906,0.012013571,-0.09869224,-0.098314025,0.08435302,0.039831527,-0.011613855,-0.038579874,-0.034463897,0.011353408,0.035253428,0.012762514,-0.008629149}
gru	2	0	kernel	{-0.0265,-0.9859,-0.5588,0.7304,-0.2788,0.4026,0.4468,0.1286}	{-0.21799111,-0.75460714,-0.6090189,0.7228067,-0.13767909,0.124451324,0.43948224,-0.19611953}
gru	2	1	bias	{-0.2711,-0.1889}	{-0.04796424,0.025455676}
\.

COPY golden_epoch (network, epoch, loss, val_loss, metrics) FROM stdin;
gru	1	0.67937094	\N	{}
gru	2	0.5432853	\N	{}
gru	3	0.5099373	\N	{}
gru	4	0.49714217	\N	{}
\.

COPY golden_evaluation (network, loss, metrics) FROM stdin;
gru	0.4651514	{}
\.

COPY golden_prediction (network, row, y) FROM stdin;
gru	1	{-0.05103708,7.95573e-05}
gru	2	{-0.4893591,0.054516688}
gru	3	{-0.41086248,0.5152607}
gru	4	{-0.07418388,-0.3663762}
gru	5	{-0.091998145,-0.3479071}
gru	6	{-0.24761347,0.23538178}
gru	7	{-0.057098553,0.29500577}
gru	8	{-0.09060827,-0.26768073}
\.

COPY golden_network (name, dataset, layers, loss, optimizer, metrics, x, y, options, weight, held) FROM stdin;
gru_before	steps	nnet.input(6, 3),\n    nnet.gru(4, reset_after => false, kernel_constraint => nnet.unit_norm(axis => 1), recurrent_constraint => nnet.max_norm(0.5, axis => 1), bias_constraint => nnet.non_neg()),\n    nnet.dense(2, activation => 'linear')	mean_squared_error	nnet.sgd(learning_rate => 0.3, momentum => 0.5)	{}	x	reals		\N	f
\.

COPY golden_tensor (network, layer, i, tensor, initial, final) FROM stdin;
gru_before	1	0	gru_cell/kernel	{-0.3048,0.4585,0.5545,-0.1983,-0.5927,-0.4929,0.057,-0.6116,0.375,-0.2755,0.1859,-0.4763,0.1523,-0.1891,0.0367,-0.5298,-0.2464,0.0096,0.5849,-0.3046,-0.4736,-0.1555,0.1595,0.5284,0.2627,-0.3364,0.4863,-0.2947,-0.4072,-0.3974,-0.5325,0.3046,0.0331,-0.5442,-0.5822,-0.2246}	{-0.13668971,0.15004982,0.29164767,-0.06739701,-0.40610975,-0.33698595,0.03396099,-0.43343,0.33992788,-0.32229975,0.19738053,-0.37856728,0.17606978,-0.10944424,0.03734193,-0.5366686,-0.20260993,0.009943018,0.48346484,-0.2379541,0.10408091,-0.37716106,-0.12386366,0.4094849,0.04120487,-0.37456954,0.37098733,-0.066786185,-0.29570794,-0.28408164,-0.38558632,0.22688971,-0.50060797,-0.19799267,-0.2391439,-0.024638182}
gru_before	1	1	gru_cell/recurrent_kernel	{0.1512,-0.0293,0.3072,-0.2922,-0.3415,0.1325,0.155,0.785,0.1351,0.0029,-0.0535,-0.0314,-0.253,-0.5686,-0.171,-0.0372,0.099,0.2662,0.5533,-0.0549,0.1029,0.1312,-0.2691,0.3033,-0.0068,-0.112,-0.2919,-0.5101,-0.3291,0.2515,-0.463,-0.1905,-0.062,0.3087,-0.3176,-0.1402,-0.3036,0.4324,-0.0424,-0.3406,-0.4533,-0.0676,0.4908,-0.3062,-0.0024,-0.1637,0.1761,-0.0239}	{0.069785535,-0.030043703,0.154494,-0.11789507,-0.16982594,0.06842506,0.077137575,0.39039704,0.11128079,-0.020658936,-0.034257453,-0.005893523,-0.09306198,-0.30132353,-0.080640584,0.002846871,0.04751426,0.124856494,0.2575712,-0.025682325,0.17077982,0.030013513,-0.13730274,0.10131436,0.0011230819,-0.068333946,-0.14524369,-0.23086815,-0.16379686,0.12773314,-0.23126493,-0.098141246,0.0794698,0.08382958,-0.20468587,-0.05126615,-0.10542838,0.18556452,-0.02769671,-0.13989072,-0.20575127,-0.030313637,0.22298415,-0.13679904,0.11160109,-0.2431144,0.02096436,0.02065758}
gru_before	1	2	gru_cell/bias	{0.0346,0.0822,0.033,-0.1303,0.0905,0.0446,-0.0537,0.0581,0.0365,0.0294,0.0028,0.0547}	{0.14530966,0.043310706,0.01674294,0.05162492,0.09101187,0.048271038,0.00018892216,0.06945208,0.145457,0.099811174,0.005989301,0}
gru_before	2	0	kernel	{-0.0265,-0.9859,-0.5588,0.7304,-0.2788,0.4026,0.4468,0.1286}	{-0.23484069,-0.73867637,-0.5771307,0.6632959,-0.21973096,0.14423832,0.45713708,-0.0622893}
gru_before	2	1	bias	{-0.0736,-0.0163}	{-0.053007465,0.04576516}
\.

COPY golden_epoch (network, epoch, loss, val_loss, metrics) FROM stdin;
gru_before	1	0.6195942	\N	{}
gru_before	2	0.5540834	\N	{}
gru_before	3	0.52671653	\N	{}
gru_before	4	0.5199489	\N	{}
\.

COPY golden_evaluation (network, loss, metrics) FROM stdin;
gru_before	0.485484	{}
\.

COPY golden_prediction (network, row, y) FROM stdin;
gru_before	1	{-0.1831684,0.00960527}
gru_before	2	{-0.43387073,-0.05874657}
gru_before	3	{-0.35721,0.6064553}
gru_before	4	{-0.14137892,-0.26171824}
gru_before	5	{0.08255519,-0.32107437}
gru_before	6	{-0.22789338,0.23525304}
gru_before	7	{0.0598591,0.109305084}
gru_before	8	{-0.07188369,-0.08853768}
\.

COPY golden_network (name, dataset, layers, loss, optimizer, metrics, x, y, options, weight, held) FROM stdin;
bidirectional	steps	nnet.input(6, 3),\n    nnet.bidirectional(nnet.lstm(3, kernel_constraint => nnet.max_norm(0.6), recurrent_constraint => nnet.unit_norm(), bias_constraint => nnet.non_neg())),\n    nnet.dense(2, activation => 'linear')	mean_squared_error	nnet.sgd(learning_rate => 0.3, momentum => 0.5)	{}	x	reals		\N	f
\.

COPY golden_tensor (network, layer, i, tensor, initial, final) FROM stdin;
bidirectional	1	0	forward_lstm/lstm_cell/kernel	{-0.0168,-0.6235,-0.3534,0.4619,-0.1763,0.2546,0.2826,0.0814,-0.4484,-0.4031,-0.3595,0.3823,0.3801,-0.3809,0.3342,0.3687,-0.2306,-0.0913,-0.1187,0.3958,-0.1299,-0.0487,-0.0221,0.5357,-0.5304,0.036,0.1143,-0.4883,0.576,-0.1118,0.1349,-0.0921,-0.3028,0.4952,0.5502,-0.5915}	{-0.025039721,-0.5009357,-0.23688558,0.36300173,-0.16336027,0.19738105,0.14049397,0.013836531,-0.14204855,-0.36152995,-0.30438593,0.2956898,0.3450715,-0.31103286,0.27247676,0.2834627,-0.21697944,-0.058662012,-0.10737349,-0.07566563,-0.44817314,-0.037638098,0.027049126,0.22637045,-0.48881766,0.027481385,0.23028879,-0.38454977,0.53497607,-0.09434606,0.21695547,0.13057046,-0.3503366,0.4604491,0.5098659,-0.43040106}
bidirectional	1	1	forward_lstm/lstm_cell/recurrent_kernel	{0.4634,-0.0279,-0.2222,-0.2185,-0.4664,-0.1264,-0.1404,-0.1216,0.2329,0.5804,0.0462,-0.1617,0.1141,-0.1724,0.1911,9e-04,-0.4918,0.2267,-0.0997,0.4835,0.0249,-0.1339,-0.0293,0.6037,-0.2116,0.027,0.2317,-0.0487,-0.0944,0.0014,-0.7111,-0.2992,-0.5138,0.1567,0.0109,0.0758}	{0.88685703,-0.15400705,-0.59138864,-0.9755268,-0.68365103,-0.48171064,-0.17558427,-0.19275722,0.45700678,0.9412163,0.8656763,-0.2544053,0.21807988,-0.97654516,0.5172063,0.0056052515,-0.7164912,0.8763191,-0.116046704,0.81303203,-0.0689364,-0.22037412,-0.47759455,0.9584431,-0.40733963,0.15047003,0.61867344,-0.21980885,-0.13878584,-0.0044226376,-0.9776007,-0.5493844,-0.8867876,0.2560215,0.15002632,0.12909049}
bidirectional	1	2	forward_lstm/lstm_cell/bias	{0.0346,0.0822,0.033,0.8697,1.0905,1.0446,-0.0537,0.0581,0.0365,0.0294,0.0028,0.0547}	{0.032405492,0.005680809,0.08478245,0.8773055,1.0167849,1.0564038,0,0.3845659,0,0.027060295,0,0.102702685}
bidirectional	1	3	backward_lstm/lstm_cell/kernel	{0.154,-0.0869,0.3434,-0.303,-0.6152,-0.5179,-0.1161,0.5769,-0.0054,0.2575,0.4542,-0.2232,-0.2861,-0.4207,-0.526,0.3516,-0.5084,-0.0306,0.271,-0.3097,-0.1619,0.3967,-0.1355,0.0814,0.1191,-0.3926,0.1597,0.4611,0.5411,0.007,-0.4368,-0.1045,0.2471,-0.4742,0.4917,0.0575}	{0.13424784,-0.13437313,0.3129252,-0.29586405,-0.3360176,-0.51286805,-0.17964591,0.45336804,0.09937981,0.23928793,0.32500723,-0.25301966,-0.41519788,-0.3570054,-0.4065239,0.30413124,-0.32880628,-0.043943696,0.284807,-0.39143497,-0.42032522,0.25361487,-0.088774465,0.033631247,0.35209283,-0.45985195,0.09034593,0.37784794,0.3727982,0.049934383,-0.4966007,0.03515591,0.38516685,-0.38805446,0.47528306,0.09913227}
bidirectional	1	4	backward_lstm/lstm_cell/recurrent_kernel	{-0.0318,0.1504,-0.458,0.1005,-0.0949,-0.1362,0.1189,0.4626,-0.1779,-0.4146,-0.5246,-0.1485,-0.5776,0.2742,-0.2748,-0.2289,0.275,0.1422,0.2982,-0.1908,-0.1428,0.0781,0.2241,-0.4067,-0.2441,-0.2234,0.3534,0.2339,-0.39,0.4273,0.1664,0.2529,-0.1676,0.3485,-0.2303,-0.2864}	{-0.034046434,0.3878078,-0.71847194,0.28036875,-0.19376713,-0.28515422,0.3453399,0.88672584,-0.5949867,-0.7513673,-0.846689,-0.29929927,-0.9162373,0.7168911,-0.41524956,-0.659897,0.5680888,0.3058131,0.86462474,-0.26445335,-0.47025988,0.16422082,0.3806985,-0.77735317,-0.39918655,-0.5793721,0.55800146,0.69708616,-0.7998307,0.9083861,0.3649167,0.37918532,-0.6518023,0.63912314,-0.37173387,-0.55330086}
bidirectional	1	5	backward_lstm/lstm_cell/bias	{-0.0736,-0.0163,-0.0482,1.0599,1.004,0.9708,-0.0782,-0.0257,8e-04,-0.0276,0.1294,0.1007}	{0.0545029,0.022127885,0.07149622,1.1051681,1.0721996,0.93555725,0.11949657,0.21092212,0.012842911,0.14267196,0.14465393,0.18153106}
bidirectional	2	0	kernel	{0.2452,0.2154,-0.605,0.6686,-0.7612,0.5476,-0.2466,-0.8567,-0.3975,-0.7553,-0.2927,-0.1434}	{0.14784043,0.21498126,-0.15266062,0.5036481,-0.75326794,0.7527929,0.19113281,-1.1420908,-0.8417492,-0.45794243,-0.6996435,0.1295376}
bidirectional	2	1	bias	{-0.2711,-0.1889}	{0.09391759,-0.041495726}
\.

COPY golden_epoch (network, epoch, loss, val_loss, metrics) FROM stdin;
bidirectional	1	0.635219	\N	{}
bidirectional	2	0.5103754	\N	{}
bidirectional	3	0.4692814	\N	{}
bidirectional	4	0.43735138	\N	{}
\.

COPY golden_evaluation (network, loss, metrics) FROM stdin;
bidirectional	0.4077539	{}
\.

COPY golden_prediction (network, row, y) FROM stdin;
bidirectional	1	{-0.16202591,0.1874115}
bidirectional	2	{-0.18083517,-0.12904179}
bidirectional	3	{-0.47150463,0.016718045}
bidirectional	4	{0.0027188957,-0.24465565}
bidirectional	5	{0.20198995,-0.47058344}
bidirectional	6	{-0.37322044,0.08017225}
bidirectional	7	{0.011367179,-0.011116156}
bidirectional	8	{-0.17012407,-0.2976054}
\.

COPY golden_network (name, dataset, layers, loss, optimizer, metrics, x, y, options, weight, held) FROM stdin;
bidirectional_two	steps	nnet.input(6, 3),\n    nnet.bidirectional(nnet.gru(3, kernel_constraint => nnet.max_norm(0.7)), merge_mode => 'sum', backward_layer => nnet.simple_rnn(3, go_backwards => true, recurrent_constraint => nnet.unit_norm())),\n    nnet.dense(2, activation => 'linear')	mean_squared_error	nnet.sgd(learning_rate => 0.1, momentum => 0.5)	{}	x	reals		\N	f
\.

COPY golden_tensor (network, layer, i, tensor, initial, final) FROM stdin;
bidirectional_two	1	0	forward_gru/gru_cell/kernel	{0.1722,-0.0971,0.3839,-0.3387,-0.6879,-0.579,-0.1298,0.645,-0.006,0.2879,0.5078,-0.2496,-0.3199,-0.4704,-0.5881,0.3931,-0.5684,-0.0343,0.303,-0.3463,-0.181,0.4435,-0.1515,0.091,0.1331,-0.439,0.1785}	{0.18399689,-0.1029233,0.4742017,-0.34036282,-0.5621976,-0.49016312,-0.20851752,0.30841637,-0.25145847,0.27958357,0.42983997,-0.21032786,-0.3212939,-0.38199562,-0.49323806,0.3463269,-0.41733167,-0.1725362,0.29012343,-0.26519597,-0.1629024,0.44672027,-0.13083391,0.075396225,0.24351914,-0.30865088,0.33813843}
bidirectional_two	1	1	forward_gru/gru_cell/recurrent_kernel	{-0.0436,0.2065,-0.6286,0.138,-0.1302,-0.1869,0.1632,0.6349,-0.2442,-0.655,0.2849,-0.226,-0.2815,0.3331,0.189,0.3184,-0.3078,-0.1291,-0.3644,-0.2209,0.367,0.2439,-0.42,0.5162,0.2372,0.278,-0.2185}	{-0.04826514,0.20581168,-0.6211433,0.13858625,-0.13083415,-0.18611693,0.17183599,0.63693464,-0.24564177,-0.65170115,0.28332928,-0.23940888,-0.28204852,0.33338916,0.1884075,0.3089858,-0.3139135,-0.13300924,-0.3651952,-0.22492725,0.36887687,0.24444346,-0.42001224,0.5159891,0.24420507,0.29026693,-0.20562093}
bidirectional_two	1	2	forward_gru/gru_cell/bias	{0.0346,0.0822,0.033,-0.1303,0.0905,0.0446,-0.0537,0.0581,0.0365,0.0294,0.0028,0.0547,-0.0736,-0.0163,-0.0482,0.0599,0.004,-0.0292}	{0.037448395,0.10159414,0.033254493,-0.13106719,0.09853855,0.042788975,-0.067733854,0.040233497,-0.04064728,0.0322484,0.022194153,0.05495449,-0.07436718,-0.008261454,-0.050011024,0.07997842,0.01192899,-0.020798473}
bidirectional_two	1	3	simple_rnn/simple_rnn_cell/kernel	{0.1825,-0.1953,0.6221,0.1269,-0.3635,0.024,-0.5132,0.87,-0.2783}	{0.051127564,-0.31166974,0.34455335,0.31210595,-0.34369254,-0.14529823,-0.61117595,0.6995501,-0.68144083}
bidirectional_two	1	4	simple_rnn/simple_rnn_cell/recurrent_kernel	{0.3263,-0.7334,0.5964,0.7783,-0.1496,-0.6097,-0.5364,-0.6632,-0.522}	{0.38495547,-0.71429074,0.59579545,0.7213046,0.08993817,-0.46099502,-0.57578534,-0.69404584,-0.6576557}
bidirectional_two	1	5	simple_rnn/simple_rnn_cell/bias	{-0.0782,-0.0257,8e-04}	{-0.22353074,-0.09300346,-0.024546718}
bidirectional_two	2	0	kernel	{0.3102,0.2725,-0.7653,0.8457,-0.9629,0.6927}	{0.17129204,0.30612788,-0.91470027,0.70994973,-0.52155805,0.70823693}
bidirectional_two	2	1	bias	{-0.0276,0.1294}	{0.00685996,0.104929276}
\.

COPY golden_epoch (network, epoch, loss, val_loss, metrics) FROM stdin;
bidirectional_two	1	0.6676825	\N	{}
bidirectional_two	2	0.3929156	\N	{}
bidirectional_two	3	0.35519066	\N	{}
bidirectional_two	4	0.33221164	\N	{}
\.

COPY golden_evaluation (network, loss, metrics) FROM stdin;
bidirectional_two	0.3072355	{}
\.

COPY golden_prediction (network, row, y) FROM stdin;
bidirectional_two	1	{-0.40987715,0.5067039}
bidirectional_two	2	{-0.4978916,0.28619942}
bidirectional_two	3	{-0.40396005,0.521326}
bidirectional_two	4	{-0.009198584,-0.59495294}
bidirectional_two	5	{0.26405638,-0.3266919}
bidirectional_two	6	{-0.047436766,0.5971889}
bidirectional_two	7	{0.5861971,0.42577565}
bidirectional_two	8	{0.088495545,-0.09350302}
\.

COPY golden_network (name, dataset, layers, loss, optimizer, metrics, x, y, options, weight, held) FROM stdin;
time_distributed	steps	nnet.input(6, 3),\n    nnet.time_distributed(nnet.dense(4, activation => 'tanh', kernel_constraint => nnet.max_norm(0.7), bias_constraint => nnet.max_norm(0.05))),\n    nnet.global_average_pooling1d(),\n    nnet.dense(2, activation => 'linear')	mean_squared_error	nnet.sgd(learning_rate => 0.2, momentum => 0.5)	{}	x	reals		\N	f
\.

COPY golden_tensor (network, layer, i, tensor, initial, final) FROM stdin;
time_distributed	1	0	dense/kernel	{-0.4462,0.6711,0.8118,-0.2903,-0.8676,-0.7215,0.0834,-0.8953,0.549,-0.4033,0.2721,-0.6972}	{-0.26849183,0.44150153,0.6277438,-0.18351218,-0.55693,-0.23204848,-0.2015897,-0.6664872,0.29666474,-0.31904933,0.2351578,0.110081375}
time_distributed	1	1	dense/bias	{0.0346,0.0822,0.033,-0.1303}	{0.0062874816,-0.0035872047,0.025323737,-0.0033856684}
time_distributed	3	0	kernel	{0.1825,-0.1953,0.6221,0.1269,-0.3635,0.024,-0.5132,0.87}	{-0.21811292,0.06966376,0.3030369,-0.16220748,-0.49809417,0.059260383,-0.8830229,0.7960918}
time_distributed	3	1	bias	{0.0905,0.0446}	{-0.04045445,0.003620416}
\.

COPY golden_epoch (network, epoch, loss, val_loss, metrics) FROM stdin;
time_distributed	1	0.63411975	\N	{}
time_distributed	2	0.5548225	\N	{}
time_distributed	3	0.520539	\N	{}
time_distributed	4	0.5035078	\N	{}
\.

COPY golden_evaluation (network, loss, metrics) FROM stdin;
time_distributed	0.48640642	{}
\.

COPY golden_prediction (network, row, y) FROM stdin;
time_distributed	1	{-0.54946554,0.34868637}
time_distributed	2	{-0.094100185,0.026787302}
time_distributed	3	{-0.46630886,0.4336531}
time_distributed	4	{0.19825755,-0.17677647}
time_distributed	5	{0.098725796,-0.13536923}
time_distributed	6	{-0.22326873,0.16056201}
time_distributed	7	{0.08430037,-0.14104898}
time_distributed	8	{0.090988845,-0.039356302}
\.

COPY golden_network (name, dataset, layers, loss, optimizer, metrics, x, y, options, weight, held) FROM stdin;
masked	gaps	nnet.input(5, 2),\n    nnet.masking(0.0),\n    nnet.gru(4, return_sequences => true, kernel_constraint => nnet.max_norm(0.6), recurrent_constraint => nnet.unit_norm()),\n    nnet.dense(2, activation => 'linear')	mean_squared_error	nnet.sgd(learning_rate => 0.3, momentum => 0.5)	{}	x	reals		\N	f
\.

COPY golden_tensor (network, layer, i, tensor, initial, final) FROM stdin;
masked	2	0	gru_cell/kernel	{-0.3155,0.4746,0.574,-0.2052,-0.6135,-0.5102,0.059,-0.6331,0.3882,-0.2852,0.1924,-0.493,0.1576,-0.1958,0.038,-0.5484,-0.255,0.01,0.6054,-0.3153,-0.4903,-0.161,0.1651,0.5469}	{-0.30721813,0.39049733,0.39805704,-0.12564301,-0.5514127,-0.52578604,0.07304789,-0.54583085,-0.18818256,0.39295217,0.4112298,-0.3657675,0.08744346,-0.14260656,-0.0005113691,-0.491144,-0.23652475,0.020388171,0.5879413,-0.24913554,-0.5697256,-0.12050778,0.23758529,0.4756196}
masked	2	1	gru_cell/recurrent_kernel	{0.1512,-0.0293,0.3072,-0.2922,-0.3415,0.1325,0.155,0.785,0.1351,0.0029,-0.0535,-0.0314,-0.253,-0.5686,-0.171,-0.0372,0.099,0.2662,0.5533,-0.0549,0.1029,0.1312,-0.2691,0.3033,-0.0068,-0.112,-0.2919,-0.5101,-0.3291,0.2515,-0.463,-0.1905,-0.062,0.3087,-0.3176,-0.1402,-0.3036,0.4324,-0.0424,-0.3406,-0.4533,-0.0676,0.4908,-0.3062,-0.0024,-0.1637,0.1761,-0.0239}	{0.3080725,-0.046567973,0.6734143,-0.43640924,-0.5235336,0.3272262,0.180573,0.90776277,0.6539107,0.064438455,-0.04701976,0.011982164,-0.59906405,-0.78658116,-0.37635058,-0.038790494,0.14426076,0.6724543,0.61719304,-0.06088839,0.66640466,0.35468772,-0.57823235,0.90379345,0.000540295,-0.1469879,-0.62281585,-0.7122794,-0.48200873,0.640163,-0.5286866,-0.21848519,-0.30881357,0.81035906,-0.7278742,-0.3873438,-0.7390623,0.5979262,-0.13028274,-0.5483613,-0.6875818,-0.17583865,0.5540364,-0.35287854,0.18149248,-0.46191144,0.36556154,-0.18159905}
masked	2	2	gru_cell/bias	{0.0346,0.0822,0.033,-0.1303,0.0905,0.0446,-0.0537,0.0581,0.0365,0.0294,0.0028,0.0547,-0.0736,-0.0163,-0.0482,0.0599,0.004,-0.0292,-0.0782,-0.0257,8e-04,-0.0276,0.1294,0.1007}	{-0.2824437,0.075100355,-0.13193509,-0.53931904,-0.01403027,0.014916874,-0.036331277,0.08156443,0.050235182,0.19016607,0.07641112,0.120895125,-0.3906437,-0.02339963,-0.21313506,-0.349119,-0.10053027,-0.05888312,-0.06083127,-0.002235579,0.12077829,-0.045082495,0.19485661,0.20672736}
masked	3	0	kernel	{-0.0265,-0.9859,-0.5588,0.7304,-0.2788,0.4026,0.4468,0.1286}	{-0.53861934,-1.2146016,-0.5979874,0.56797576,-0.42842275,0.69011736,1.3033752,0.29031995}
masked	3	1	bias	{-0.2711,-0.1889}	{-0.20639062,-0.03898201}
\.

COPY golden_epoch (network, epoch, loss, val_loss, metrics) FROM stdin;
masked	1	0.36664754	\N	{}
masked	2	0.19402973	\N	{}
masked	3	0.13598257	\N	{}
masked	4	0.10415748	\N	{}
\.

COPY golden_evaluation (network, loss, metrics) FROM stdin;
masked	0.08848119	{}
\.

COPY golden_prediction (network, row, y) FROM stdin;
masked	1	{-0.4476087,0.64833575,-0.0391542,0.996614,-1.0053477,-0.37160307,-1.0053477,-0.37160307,0.0759671,-0.39746904}
masked	2	{-0.20639062,-0.03898201,-0.8952653,-0.18898165,-0.06338467,-0.14706865,-0.82636064,-0.7872418,-0.82636064,-0.7872418}
masked	3	{0.9430468,0.75449306,0.6053504,-0.39571363,-0.7810659,-1.1113068,-1.1246202,-1.2928277,-1.1246202,-1.2928277}
masked	4	{0.41076005,-0.93961436,-0.14541075,-1.2141713,0.1695239,0.028470464,0.8818115,0.19600728,-0.7506916,-0.21119618}
masked	5	{0.6141857,0.47013882,-0.9279524,-0.20208526,-1.305099,-0.2664354,-1.305099,-0.2664354,-0.8330378,-0.0036350377}
masked	6	{-0.75513333,-0.77092963,-0.75513333,-0.77092963,-0.11209922,-0.5676593,0.23512381,0.6829396,0.27094227,0.44014663}
masked	7	{0.5835869,0.6601165,-0.8298904,-0.27748573,0.07635763,-0.92140156,-0.7556564,-0.5580091,-0.16115251,-0.2181777}
masked	8	{1.2503028,0.4798763,0.42587286,-0.039987884,0.21049598,0.6130797,0.21049598,0.6130797,1.084296,1.0453521}
\.

COPY golden_network (name, dataset, layers, loss, optimizer, metrics, x, y, options, weight, held) FROM stdin;
lengths	lengths	nnet.input(NULL, 2),\n    nnet.lstm(4, kernel_constraint => nnet.max_norm(0.6), recurrent_constraint => nnet.unit_norm(), bias_constraint => nnet.non_neg()),\n    nnet.dense(2, activation => 'linear')	mean_squared_error	nnet.adam(learning_rate => 0.05)	{}	x	reals		\N	f
\.

COPY golden_tensor (network, layer, i, tensor, initial, final) FROM stdin;
lengths	1	0	lstm_cell/kernel	{-0.2783,0.4185,0.5062,-0.181,-0.541,-0.4499,0.052,-0.5583,0.3424,-0.2515,0.1697,-0.4348,0.139,-0.1727,0.0335,-0.4837,-0.2249,0.0088,0.5339,-0.2781,-0.4324,-0.1419,0.1456,0.4824,0.2398,-0.3071,0.4439,-0.269,-0.3717,-0.3628,-0.4861,0.2781}	{-0.36328465,0.54238266,0.2026535,-0.09202656,-0.37811205,-0.3000053,0.4304232,0.10438761,-0.44562015,-0.4890794,0.5988302,-0.010408966,-0.115362205,-0.25742817,0.57251346,-0.34029952,-0.26640585,0.25655597,0.2553493,-0.2499143,-0.46586606,-0.519612,0.4084423,0.24006188,0.40177426,-0.04100857,0.03744717,-0.5999096,-0.3672229,-0.54196924,-0.061864804,0.21304275}
lengths	1	1	lstm_cell/recurrent_kernel	{0.1462,-0.0283,0.297,-0.2825,-0.3302,0.1281,0.1498,0.759,0.1306,0.0028,-0.0518,-0.0304,0.0102,-0.1963,0.0059,-0.1627,-0.2348,-0.5265,-0.1595,-0.0334,0.0929,0.2461,0.5119,-0.0536,0.0948,0.1215,-0.2491,0.281,-0.3082,0.0307,-0.198,-0.0847,-0.0257,-0.1583,-0.2741,-0.4804,-0.303,0.2603,-0.3661,-0.1546,-0.0425,0.2956,-0.3187,-0.1003,0.0292,0.063,0.3584,0.1294,-0.143,0.364,0.0578,-0.2062,-0.3193,-0.0861,0.2997,-0.0806,0.0057,-0.1501,0.1718,-0.0489,-0.5674,0.2408,0.1106,0.3859}	{-0.1592783,-0.4531325,0.751696,-0.16644593,-0.2811531,0.5744735,0.34037244,0.88421905,0.055544868,0.5959437,0.0017700187,0.15217073,0.087543465,-0.68586504,0.3954714,-0.13924383,-0.64315283,0.0029342524,-0.6314297,-0.69563746,-0.24083823,0.5093918,0.46233717,-0.27497602,0.7853918,-0.108224526,-0.9578757,0.58840656,-0.5424024,0.27179256,-0.5828105,-0.42648682,-0.7366781,-0.6078903,0.14746416,0.07378622,-0.59919417,0.5587221,-0.39324045,-0.025628045,-0.51254064,0.43898395,-0.21558176,0.5052549,-0.43858686,-0.16130252,0.70432705,0.7976212,-0.13524069,0.652021,0.1204322,-0.69493866,-0.70987046,-0.3135756,0.7181592,-0.37668,0.3426024,-0.6636501,0.18972413,-0.61264914,-0.7111801,0.65551454,0.0886427,0.40313813}
lengths	1	2	lstm_cell/bias	{0.0346,0.0822,0.033,-0.1303,1.0905,1.0446,0.9463,1.0581,0.0365,0.0294,0.0028,0.0547,-0.0736,-0.0163,-0.0482,0.0599}	{0.106422365,0.0813279,0.7127756,0.064367935,0.7316829,0.7493571,1.1300918,0.81589776,0,0,0.029224362,0.28765363,0.10242558,0.10314607,0.43559757,0.009930011}
lengths	2	0	kernel	{-0.0265,-0.9859,-0.5588,0.7304,-0.2788,0.4026,0.4468,0.1286}	{-0.062228154,-0.8232477,-0.7723679,0.34731773,0.20224832,0.97163635,0.26969263,-0.17321843}
lengths	2	1	bias	{0.004,-0.0292}	{0.049279656,0.054281868}
\.

COPY golden_epoch (network, epoch, loss, val_loss, metrics) FROM stdin;
lengths	1	0.51821244	\N	{}
lengths	2	0.429798	\N	{}
lengths	3	0.40185818	\N	{}
lengths	4	0.36429968	\N	{}
\.

COPY golden_evaluation (network, loss, metrics) FROM stdin;
lengths	0.3277529	{}
\.

COPY golden_prediction (network, row, y) FROM stdin;
lengths	1	{0.09762685,0.41393608}
lengths	2	{0.043778937,0.10937959}
lengths	3	{0.29005182,0.1344099}
lengths	4	{0.35798433,0.49608418}
lengths	5	{0.22424121,0.37787178}
lengths	6	{0.1043676,-0.09790122}
lengths	7	{0.29927197,0.56423724}
lengths	8	{0.11034746,0.066548295}
\.

COPY golden_network (name, dataset, layers, loss, optimizer, metrics, x, y, options, weight, held) FROM stdin;
conv_lstm1d	image	nnet.input(6, 5, 2),\n    nnet.conv_lstm1d(3, 2, kernel_constraint => nnet.max_norm(0.6), recurrent_constraint => nnet.unit_norm(), bias_constraint => nnet.non_neg()),\n    nnet.flatten(),\n    nnet.dense(2, activation => 'linear')	mean_squared_error	nnet.sgd(learning_rate => 0.3, momentum => 0.5)	{}	x	reals		\N	f
\.

COPY golden_tensor (network, layer, i, tensor, initial, final) FROM stdin;
conv_lstm1d	1	0	conv_lstm_cell/kernel	{0.0845,-0.0904,0.288,0.0587,-0.1683,0.0111,-0.2376,0.4027,-0.1288,-0.1469,-0.0724,0.3187,0.0109,0.2565,-0.1578,0.1669,-0.1478,0.2951,-0.1626,0.0738,0.2193,-0.3563,0.1285,-0.1568,-0.1487,-0.4004,-0.4038,0.3945,-0.4575,-0.1873,0.0795,0.2908,0.3347,-0.27,0.4265,0.3639,0.4072,-0.4582,-0.0909,-0.1177,0.2589,0.0443,-0.1312,0.3407,0.1759,0.4419,0.4455,0.2273}	{0.09737081,-0.18445332,0.15895577,0.05164751,-0.17934531,0.079442605,0.21551906,0.20684564,-0.4216633,-0.097507134,-0.19248332,0.31267908,0.034156974,0.2946606,-0.1956238,0.24217518,-0.13223615,0.33702913,0.1302241,-0.216759,0.20076711,-0.29682815,0.097023,-0.15511382,-0.14123957,-0.32669073,-0.45941377,0.3783996,-0.47252616,-0.16328558,0.29444525,0.46381637,0.29184517,-0.26178882,0.32878777,0.3530658,0.41544235,-0.46760035,-0.25392973,-0.14762555,0.3125653,0.0011872316,-0.26484242,0.111942716,0.25648895,0.33322242,0.44930586,0.28230503}
conv_lstm1d	1	1	conv_lstm_cell/recurrent_kernel	{0.1416,-0.2328,0.1085,0.1032,-0.3342,-0.1065,0.128,0.3762,0.2147,-0.5264,0.079,-0.5412,-0.4339,-0.0315,0.3202,-0.1337,-0.5132,0.4152,0.3616,-0.0034,0.029,0.3343,0.0969,-0.0425,0.4803,0.2305,9e-04,-0.0997,-0.191,0.5094,-0.2564,0.2299,-0.433,-0.0823,0.3025,0.0769,0.3672,-0.2748,0.1272,0.5271,0.1172,0.4456,0.1756,-0.4486,0.1464,-9e-04,-0.1638,-0.055,-0.1511,-0.5906,-0.1551,0.2998,-0.2125,-0.2501,-0.0601,-0.0813,-0.5364,0.0436,0.2961,0.1384,0.0559,0.0844,-0.4453,0.1831,-0.4657,-0.0225,-0.4527,-0.1244,0.4606,0.2983,0.1207,-0.0672}	{0.3599855,-0.64007,0.6436914,0.18951523,-0.9385897,-0.22175308,0.5831806,0.60287654,0.8215013,-0.9999982,0.4309893,-0.9964247,-0.94591534,-0.064723074,0.9019492,-0.4097552,-0.9299781,0.8559567,0.97851604,-0.106207505,0.037804525,0.9899986,0.28770936,-0.29072028,0.9927493,0.93445474,0.0021485393,-0.47362363,-0.37732607,0.99882996,-0.46550843,0.8692316,-0.70903987,-0.25834218,0.925889,0.74897677,0.93295777,-0.7683164,0.765285,0.9818777,0.34503502,0.9751028,0.8123424,-0.7978344,0.57020634,-0.0018163013,-0.9023569,-0.08448434,-0.32441324,-0.99790317,-0.43184185,0.9121954,-0.36761472,-0.51704735,-0.20617017,-0.9943438,-0.99928504,0.14107686,0.95771766,0.956808,0.12020264,0.35608166,-0.9999976,0.88072723,-0.92608035,-0.04835729,-0.8850433,-0.49440494,0.70516825,0.96605337,0.3777953,-0.66259605}
conv_lstm1d	1	2	conv_lstm_cell/bias	{0.0346,0.0822,0.033,0.8697,1.0905,1.0446,-0.0537,0.0581,0.0365,0.0294,0.0028,0.0547}	{0.02021906,0.16110711,0,0.8451441,1.0716537,1.0287951,0.095228456,0.19645801,0.034559667,0.063722625,0.11560577,0.025376026}
conv_lstm1d	3	0	kernel	{-0.0173,-0.6454,-0.3659,0.4781,-0.1825,0.2635,0.2925,0.0842,-0.4641,-0.4173,-0.3722,0.3957,0.3934,-0.3943,0.346,0.3816,-0.2387,-0.0945,-0.1229,0.4097,-0.1345,-0.0504,-0.0229,0.5545}	{0.02275114,-0.46433145,-0.520902,0.52645004,0.10456595,0.3593412,0.54287547,-0.12817945,-0.18212056,-0.3395863,-0.10172632,0.34061363,0.2507632,-0.36804953,0.5999365,0.2688336,-0.30534753,-0.017215628,-0.41304567,0.20784885,-0.25254816,0.25017062,0.09176892,0.66657346}
conv_lstm1d	3	1	bias	{-0.0736,-0.0163}	{0.029539939,-0.078261726}
\.

COPY golden_epoch (network, epoch, loss, val_loss, metrics) FROM stdin;
conv_lstm1d	1	0.60977566	\N	{}
conv_lstm1d	2	0.5350064	\N	{}
conv_lstm1d	3	0.50163376	\N	{}
conv_lstm1d	4	0.47895592	\N	{}
\.

COPY golden_evaluation (network, loss, metrics) FROM stdin;
conv_lstm1d	0.4518833	{}
\.

COPY golden_prediction (network, row, y) FROM stdin;
conv_lstm1d	1	{0.326018,-0.19433576}
conv_lstm1d	2	{0.234908,-0.07566169}
conv_lstm1d	3	{-0.21709538,0.18649155}
conv_lstm1d	4	{0.31805763,-0.5158231}
conv_lstm1d	5	{-0.04873692,-0.09416393}
conv_lstm1d	6	{0.10083617,0.07970116}
conv_lstm1d	7	{0.3178276,-0.31837878}
conv_lstm1d	8	{-0.0077412017,-0.13331833}
\.

COPY golden_network (name, dataset, layers, loss, optimizer, metrics, x, y, options, weight, held) FROM stdin;
conv_lstm2d	image	nnet.input(6, 5, 2),\n    nnet.reshape(ARRAY[3,2,5,2]),\n    nnet.conv_lstm2d(2, 2, kernel_constraint => nnet.max_norm(0.6, axis => ARRAY[0,1,2]), recurrent_constraint => nnet.unit_norm()),\n    nnet.flatten(),\n    nnet.dense(2, activation => 'linear')	mean_squared_error	nnet.sgd(learning_rate => 0.3, momentum => 0.5)	{}	x	reals		\N	f
\.

COPY golden_tensor (network, layer, i, tensor, initial, final) FROM stdin;
conv_lstm2d	2	0	conv_lstm_cell/kernel	{0.0707,-0.0757,0.2409,0.0491,-0.1408,0.0093,-0.1988,0.3369,-0.1078,-0.1229,-0.0606,0.2666,0.0091,0.2146,-0.132,0.1396,-0.1236,0.2469,-0.136,0.0617,0.1835,-0.2981,0.1075,-0.1312,-0.1244,-0.335,-0.3378,0.33,-0.3828,-0.1567,0.0665,0.2433,0.28,-0.2259,0.3569,0.3045,0.3407,-0.3834,-0.0761,-0.0984,0.2166,0.0371,-0.1098,0.2851,0.1471,0.3697,0.3727,0.1902,0.1236,-0.0056,-0.3669,0.0012,0.1546,0.2374,0.1207,-0.3428,0.2654,-0.0051,0.0603,-0.195,0.235,0.179,-0.1304,-0.3476}	{-0.024641132,-0.043158,0.2165884,0.030103946,0.00045715267,-0.34014642,-0.25360394,0.2999077,-0.15232955,-0.19849026,-0.041832387,0.27054462,-0.11171905,0.4062112,-0.08795878,0.108324274,-0.2593014,0.30089217,-0.06987871,-0.004948829,-0.08102098,0.0016854535,0.144171,-0.14979364,-0.17519155,-0.40517193,-0.26379272,0.28415096,-0.4541247,0.101385936,0.105009906,0.09791788,0.23520613,-0.16522886,0.3350073,0.27462256,0.19018565,-0.12283784,-0.1158553,-0.14635055,0.24350208,-0.031213311,-0.09146952,0.26786476,0.26603281,0.095409766,0.4302492,0.13192351,0.13033326,0.01636703,-0.32290572,-0.01760048,-0.15026091,0.18943474,0.07939418,-0.22242616,0.17427641,-0.14930199,0.03572545,-0.15742035,0.07212814,0.094515,-0.22648528,-0.36753508}
conv_lstm2d	2	1	conv_lstm_cell/recurrent_kernel	{0.2046,-0.555,0.5751,0.4064,-0.125,-0.1458,-0.1353,0.3146,0.3252,-0.6142,-0.3901,-0.1802,0.4742,0.209,0.2489,0.0432,-0.2722,-0.0488,-0.0288,-0.1295,-0.204,0.7601,-0.2367,0.4801,-0.483,-0.1932,-0.406,0.0076,0.1477,-0.5092,-0.3926,0.3595,0.6143,0.4787,-0.1403,0.1208,0.2197,-0.0641,-0.2078,0.5135,-0.1149,0.0701,0.3833,-0.0714,0.6785,0.1671,-0.5115,-0.2828,0.3103,-0.17,-0.3734,0.2128,-0.3579,0.1175,-0.5965,-0.4385,-0.241,0.11,-0.2131,0.8488,0.2437,0.2284,0.2212,-0.0583}	{0.3136368,-0.75490475,0.9711263,0.95859706,-0.53995645,-0.92115057,-0.55007124,0.53273386,0.9415898,-0.99353004,-0.7150757,-0.9306376,0.56769925,0.76534,0.44081494,0.15506935,-0.66391313,-0.27069092,-0.072150484,-0.51971596,-0.44392887,0.9867211,-0.37197343,0.745097,-0.8946616,-0.86581534,-0.8846484,0.012890666,0.5228154,-0.9112,-0.8712614,0.98747593,0.94954294,0.65583426,-0.23856509,0.28476554,0.84169286,-0.389206,-0.83511764,0.8462828,-0.33676168,0.11356874,0.6990468,-0.36594176,0.82323587,0.6436261,-0.8975979,-0.9879035,0.7478095,-0.96266615,-0.9973936,0.854339,-0.8960619,0.1624229,-0.9282433,-0.66695595,-0.44674426,0.5003635,-0.46625838,0.9999168,0.8524458,0.41196418,0.49081907,-0.15776883}
conv_lstm2d	2	2	conv_lstm_cell/bias	{0.0346,0.0822,1.033,0.8697,0.0905,0.0446,-0.0537,0.0581}	{-0.0036653103,0.11962826,1.011411,0.85166216,0.10966092,-0.010921981,-0.13734709,0.12685722}
conv_lstm2d	4	0	kernel	{-0.0205,-0.7636,-0.4329,0.5657,-0.2159,0.3118,0.3461,0.0996,-0.5491,-0.4937,-0.4403,0.4683,0.4655,-0.4665,0.4093,0.4516}	{-0.014885148,-0.7392554,-0.28047195,0.46440336,0.15591235,0.1749903,0.38014206,-0.037478033,-0.38309497,-0.55134475,-0.6346667,0.57729715,0.5664555,-0.5339683,0.540443,0.6461777}
conv_lstm2d	4	1	bias	{0.0365,0.0294}	{0.033469696,0.08426358}
\.

COPY golden_epoch (network, epoch, loss, val_loss, metrics) FROM stdin;
conv_lstm2d	1	0.61311424	\N	{}
conv_lstm2d	2	0.5293916	\N	{}
conv_lstm2d	3	0.505312	\N	{}
conv_lstm2d	4	0.49318257	\N	{}
\.

COPY golden_evaluation (network, loss, metrics) FROM stdin;
conv_lstm2d	0.47101793	{}
\.

COPY golden_prediction (network, row, y) FROM stdin;
conv_lstm2d	1	{-0.025242154,-0.10129097}
conv_lstm2d	2	{0.15372822,-0.14083074}
conv_lstm2d	3	{0.18427978,0.09757414}
conv_lstm2d	4	{0.1480031,-0.3568899}
conv_lstm2d	5	{0.14176466,0.15444814}
conv_lstm2d	6	{-0.030494023,0.041034687}
conv_lstm2d	7	{0.20924458,-0.2935031}
conv_lstm2d	8	{0.33813936,-0.3801573}
\.

COPY golden_network (name, dataset, layers, loss, optimizer, metrics, x, y, options, weight, held) FROM stdin;
conv1d	steps	nnet.input(6, 3),\n    nnet.conv1d(4, 3, activation => 'tanh', kernel_constraint => nnet.unit_norm(axis => ARRAY[0,1]), bias_constraint => nnet.non_neg()),\n    nnet.global_average_pooling1d(),\n    nnet.dense(2, activation => 'linear')	mean_squared_error	nnet.sgd(learning_rate => 0.2, momentum => 0.5)	{}	x	reals		\N	f
\.

COPY golden_tensor (network, layer, i, tensor, initial, final) FROM stdin;
conv1d	1	0	kernel	{-0.2576,0.3875,0.4687,-0.1676,-0.5009,-0.4166,0.0482,-0.5169,0.317,-0.2329,0.1571,-0.4025,0.1287,-0.1599,0.031,-0.4478,-0.2082,0.0081,0.4943,-0.2574,-0.4003,-0.1314,0.1348,0.4466,0.222,-0.2843,0.411,-0.249,-0.3442,-0.3359,-0.4501,0.2575,0.0279,-0.4599,-0.492,-0.1899}	{-0.33591065,0.48778886,0.36259028,0.06395977,-0.49312827,-0.35420048,-0.21182208,-0.5202448,0.10182611,-0.40367663,0.31594253,0.262703,0.08707125,-0.1841993,0.020667894,-0.3156534,-0.24453694,0.1530159,0.36500025,-0.16401383,-0.6151528,-0.124422535,0.09536059,0.5074645,0.33677053,-0.32760006,0.26041046,-0.38353673,-0.27155074,-0.36276695,-0.4267199,-0.13834597,-0.025942182,-0.4023718,-0.5754913,-0.32548958}
conv1d	1	1	bias	{0.0346,0.0822,0.033,-0.1303}	{0.02146336,0.05247743,0.044438206,0}
conv1d	3	0	kernel	{0.1825,-0.1953,0.6221,0.1269,-0.3635,0.024,-0.5132,0.87}	{-0.2356805,-0.5161182,0.09684331,-0.10252094,-0.5976229,0.37804773,-0.8020736,0.83126825}
conv1d	3	1	bias	{0.0905,0.0446}	{0.012910511,0.0020582825}
\.

COPY golden_epoch (network, epoch, loss, val_loss, metrics) FROM stdin;
conv1d	1	0.6366082	\N	{}
conv1d	2	0.49553293	\N	{}
conv1d	3	0.4420986	\N	{}
conv1d	4	0.4073443	\N	{}
\.

COPY golden_evaluation (network, loss, metrics) FROM stdin;
conv1d	0.37500936	{}
\.

COPY golden_prediction (network, row, y) FROM stdin;
conv1d	1	{-0.33420515,0.21516743}
conv1d	2	{-0.46091807,0.310525}
conv1d	3	{-0.72283834,0.14022839}
conv1d	4	{0.41248593,-0.6988162}
conv1d	5	{0.10031462,0.03092489}
conv1d	6	{-0.08980739,0.3966108}
conv1d	7	{0.30225304,0.20873477}
conv1d	8	{0.12220746,-0.026269335}
\.

COPY golden_network (name, dataset, layers, loss, optimizer, metrics, x, y, options, weight, held) FROM stdin;
conv2d_filters	image	nnet.input(6, 5, 2),\n    nnet.conv2d(4, 3, activation => 'tanh', kernel_constraint => nnet.max_norm(0.5, axis => ARRAY[0,1,2])),\n    nnet.global_average_pooling2d(),\n    nnet.dense(2, activation => 'linear')	mean_squared_error	nnet.sgd(learning_rate => 0.2, momentum => 0.5)	{}	x	reals		\N	f
\.

COPY golden_tensor (network, layer, i, tensor, initial, final) FROM stdin;
conv2d_filters	1	0	kernel	{-0.1607,0.2416,0.2923,-0.1045,-0.3124,-0.2598,0.03,-0.3223,0.1977,-0.1452,0.098,-0.251,0.0802,-0.0997,0.0194,-0.2792,-0.1298,0.0051,0.3082,-0.1605,-0.2496,-0.082,0.084,0.2785,0.1384,-0.1773,0.2563,-0.1553,-0.2146,-0.2095,-0.2807,0.1606,0.0174,-0.2868,-0.3068,-0.1184,-0.0547,0.0524,0.2353,0.142,0.1827,-0.0875,-0.0951,0.2187,-0.0271,-0.0752,-0.0172,0.1597,0.2937,0.2846,-0.0709,0.2104,0.1355,-0.1455,-0.0755,0.1562,-0.1417,0.0809,-0.2955,-0.1484,0.0339,0.0303,-0.3235,0.1979,-0.0589,-0.3218,0.0981,-0.0105,0.1015,0.32,-0.0662,0.0669}	{-0.10070246,0.20559303,0.11876037,-0.014715889,-0.25407988,-0.20642783,0.086854324,-0.051895857,0.12739003,-0.031771947,0.046002455,-0.2460268,0.03711136,-0.06036874,0.034690335,-0.104893506,-0.11563718,-0.090842046,0.21205002,-0.042837437,-0.16577287,0.034395684,0.009692527,0.20077613,0.09969769,-0.02401415,0.07094834,-0.09388507,-0.14419878,-0.18604082,-0.07250664,0.053189967,0.01834857,-0.045037404,-0.2064438,-0.09399287,-0.02207964,-0.05758091,0.16212018,-0.024410946,0.09836789,-0.009042832,-0.06584177,0.17624623,0.017315233,0.0037306498,-0.034155183,0.022560688,0.22890796,0.13390523,-0.03271939,-0.051225297,0.091566704,0.009951726,-0.06308275,0.12009312,-0.05993956,0.0711276,-0.17485227,-0.14220467,0.039630804,0.1460103,-0.2256009,0.17705359,-0.044502184,-0.04633077,-0.030041983,0.07643957,0.08593016,0.25268146,-0.08864125,0.07941543}
conv2d_filters	1	1	bias	{0.0346,0.0822,0.033,-0.1303}	{0.01885132,0.05684157,0.049641754,-0.08021255}
conv2d_filters	3	0	kernel	{0.1825,-0.1953,0.6221,0.1269,-0.3635,0.024,-0.5132,0.87}	{0.26936504,-0.19790184,0.6894867,0.12919435,-0.47276106,-0.017622042,-0.44787908,0.87728214}
conv2d_filters	3	1	bias	{0.0905,0.0446}	{-0.026654214,0.060847282}
\.

COPY golden_epoch (network, epoch, loss, val_loss, metrics) FROM stdin;
conv2d_filters	1	0.5749512	\N	{}
conv2d_filters	2	0.55282724	\N	{}
conv2d_filters	3	0.5430356	\N	{}
conv2d_filters	4	0.5334469	\N	{}
\.

COPY golden_evaluation (network, loss, metrics) FROM stdin;
conv2d_filters	0.5131025	{}
\.

COPY golden_prediction (network, row, y) FROM stdin;
conv2d_filters	1	{-0.13905948,0.063564524}
conv2d_filters	2	{0.04767149,0.06460066}
conv2d_filters	3	{-0.18968348,0.17545602}
conv2d_filters	4	{0.06786513,-0.10863429}
conv2d_filters	5	{0.16037422,-0.28589702}
conv2d_filters	6	{-0.020941092,0.0650565}
conv2d_filters	7	{0.3792162,-0.1307656}
conv2d_filters	8	{0.018705051,0.07874813}
\.

COPY golden_network (name, dataset, layers, loss, optimizer, metrics, x, y, options, weight, held) FROM stdin;
conv3d	image	nnet.input(6, 5, 2),\n    nnet.reshape(ARRAY[3,2,5,2]),\n    nnet.conv3d(3, 2, activation => 'tanh', kernel_constraint => nnet.max_norm(0.7), bias_constraint => nnet.max_norm(0.05)),\n    nnet.flatten(),\n    nnet.dense(2, activation => 'linear')	mean_squared_error	nnet.sgd(learning_rate => 0.3, momentum => 0.5)	{}	x	reals		\N	f
\.

COPY golden_tensor (network, layer, i, tensor, initial, final) FROM stdin;
conv3d	2	0	kernel	{-0.1867,0.2808,0.3396,-0.1214,-0.3629,-0.3018,0.0349,-0.3745,0.2297,-0.1687,0.1138,-0.2917,0.0932,-0.1158,0.0225,-0.3244,-0.1509,0.0059,0.3582,-0.1865,-0.29,-0.0952,0.0976,0.3236,0.1609,-0.206,0.2978,-0.1804,-0.2494,-0.2434,-0.3261,0.1866,0.0202,-0.3333,-0.3565,-0.1376,-0.0636,0.0609,0.2734,0.165,0.2123,-0.1017,-0.1105,0.2541,-0.0315,-0.0874,-0.02,0.1856}	{-0.1701641,0.1983136,0.5400052,-0.17658857,-0.10998983,0.14373481,0.092566185,-0.43904558,0.55978024,0.23374416,-0.3275635,-0.4745139,0.18708874,-0.0055834684,0.108652204,-0.3605256,-0.105282575,0.4007527,0.49790612,-0.16633862,0.17412892,0.1278505,0.26079553,0.11543942,0.22441113,-0.36570135,0.15139228,-0.19824053,-0.3707656,0.059060074,-0.094270594,-0.08100298,0.19685411,-0.34188932,-0.18712813,-0.056862652,-0.04338524,0.058365237,0.23442508,-0.12235776,0.31508037,0.01579744,0.35431257,0.31685364,0.03582868,0.35389954,0.23599255,0.057914216}
conv3d	2	1	bias	{0.0346,0.0822,0.033}	{-0.010217916,0.009252674,-0.0480622}
conv3d	4	0	kernel	{0.0877,-0.0938,0.2988,0.0609,-0.1746,0.0116,-0.2465,0.4179,-0.1337,-0.1525,-0.0752,0.3307,0.0113,0.2662,-0.1638,0.1732,-0.1534,0.3063,-0.1687,0.0766,0.2276,-0.3698,0.1334,-0.1627,-0.1543,-0.4155,-0.419,0.4094,-0.4748,-0.1944,0.0825,0.3018,0.3474,-0.2802,0.4426,0.3777,0.4226,-0.4755,-0.0944,-0.1221,0.2687,0.046,-0.1361,0.3536,0.1825,0.4585,0.4623,0.2359}	{0.32036465,0.28816482,0.31838778,-0.3445066,0.08902091,-0.013473932,0.00019170158,0.22748324,-0.124910325,-0.13804126,-0.15483119,-0.04236295,-0.17338356,-0.23903926,-0.052227627,-0.122018866,0.092134684,-0.17014113,-0.005594649,0.23624685,0.19383214,-0.13686302,-0.406526,-0.13941649,0.115127474,-0.16849755,-0.104304194,0.13798007,-0.3914121,-0.3386475,0.21920112,-0.02181083,0.47868913,-0.17348093,0.4204897,0.18720847,0.3675395,-0.5207528,-0.045375735,-0.15216684,0.04225098,-0.029304016,-0.05449246,0.23836966,-0.0806431,0.23306333,-0.13005602,0.3220347}
conv3d	4	1	bias	{-0.1303,0.0905}	{0.07181534,0.1668646}
\.

COPY golden_epoch (network, epoch, loss, val_loss, metrics) FROM stdin;
conv3d	1	0.82346755	\N	{}
conv3d	2	0.51026297	\N	{}
conv3d	3	0.24564867	\N	{}
conv3d	4	0.19341302	\N	{}
\.

COPY golden_evaluation (network, loss, metrics) FROM stdin;
conv3d	0.11139584	{}
\.

COPY golden_prediction (network, row, y) FROM stdin;
conv3d	1	{0.82353497,0.8275744}
conv3d	2	{0.6383419,0.17572418}
conv3d	3	{-1.1687196,0.339898}
conv3d	4	{-0.28750458,-0.65894043}
conv3d	5	{-0.3419214,-0.021722987}
conv3d	6	{0.6910119,0.7468754}
conv3d	7	{0.47436786,-0.14624253}
conv3d	8	{0.61521566,-0.5810982}
\.

COPY golden_network (name, dataset, layers, loss, optimizer, metrics, x, y, options, weight, held) FROM stdin;
conv1d_transpose	steps	nnet.input(6, 3),\n    nnet.conv1d_transpose(3, 2, activation => 'tanh', kernel_constraint => nnet.max_norm(0.7), bias_constraint => nnet.max_norm(0.05)),\n    nnet.global_average_pooling1d(),\n    nnet.dense(2, activation => 'linear')	mean_squared_error	nnet.sgd(learning_rate => 0.2, momentum => 0.5)	{}	x	reals		\N	f
\.

COPY golden_tensor (network, layer, i, tensor, initial, final) FROM stdin;
conv1d_transpose	1	0	kernel	{-0.3408,0.5126,0.62,-0.2217,-0.6626,-0.5511,0.0637,-0.6838,0.4193,-0.308,0.2078,-0.5325,0.1702,-0.2115,0.0411,-0.5924,-0.2754,0.0108}	{-0.24817769,0.6095314,0.43344977,-0.20162778,-0.5447642,-0.54427797,-0.08278227,-0.57799613,0.31323227,-0.25741252,0.29620683,-0.5154897,0.16242862,0.040354833,0.10602421,-0.5187758,-0.39486736,0.09260016}
conv1d_transpose	1	1	bias	{0.0346,0.0822,0.033}	{0.023136834,0.03025804,0.029083753}
conv1d_transpose	3	0	kernel	{0.1999,-0.214,0.6814,0.139,-0.3982,0.0263}	{0.4996532,-0.22544569,0.3121581,0.037733577,-0.7807135,0.40249756}
conv1d_transpose	3	1	bias	{-0.1303,0.0905}	{-0.045707367,-0.00063036755}
\.

COPY golden_epoch (network, epoch, loss, val_loss, metrics) FROM stdin;
conv1d_transpose	1	0.58511275	\N	{}
conv1d_transpose	2	0.5453784	\N	{}
conv1d_transpose	3	0.5230733	\N	{}
conv1d_transpose	4	0.51009685	\N	{}
\.

COPY golden_evaluation (network, loss, metrics) FROM stdin;
conv1d_transpose	0.49385622	{}
\.

COPY golden_prediction (network, row, y) FROM stdin;
conv1d_transpose	1	{-0.533416,0.24987333}
conv1d_transpose	2	{-0.09216286,0.031985868}
conv1d_transpose	3	{-0.6415111,0.39588693}
conv1d_transpose	4	{0.23593327,-0.12724133}
conv1d_transpose	5	{0.066970766,-0.073513806}
conv1d_transpose	6	{-0.25100505,0.124363944}
conv1d_transpose	7	{0.08441735,-0.09480463}
conv1d_transpose	8	{0.0069907233,0.005898907}
\.

COPY golden_network (name, dataset, layers, loss, optimizer, metrics, x, y, options, weight, held) FROM stdin;
conv2d_transpose	image	nnet.input(6, 5, 2),\n    nnet.conv2d_transpose(3, 2, activation => 'tanh', kernel_constraint => nnet.min_max_norm(0.2, 0.6, axis => ARRAY[0,1,3]), bias_constraint => nnet.non_neg()),\n    nnet.global_average_pooling2d(),\n    nnet.dense(2, activation => 'linear')	mean_squared_error	nnet.sgd(learning_rate => 0.2, momentum => 0.5)	{}	x	reals		\N	f
\.

COPY golden_tensor (network, layer, i, tensor, initial, final) FROM stdin;
conv2d_transpose	1	0	kernel	{-0.264,0.397,0.4802,-0.1717,-0.5133,-0.4269,0.0494,-0.5297,0.3248,-0.2386,0.161,-0.4125,0.1319,-0.1638,0.0318,-0.4588,-0.2134,0.0083,0.5065,-0.2638,-0.4102,-0.1347,0.1381,0.4576}	{-0.15570945,0.22585432,0.28864783,-0.07916048,-0.30094334,-0.29974172,0.031062732,-0.3593401,0.20132639,-0.107702926,0.10932901,-0.2992904,0.08794945,-0.10900856,-0.0032318633,-0.2781705,-0.12256357,-0.0259288,0.31856188,-0.18317878,-0.29303625,-0.01588945,0.08657279,0.23424627}
conv2d_transpose	1	1	bias	{0.0346,0.0822,0.033}	{0.05719933,0.12656632,0.022720436}
conv2d_transpose	3	0	kernel	{0.1999,-0.214,0.6814,0.139,-0.3982,0.0263}	{0.15426205,-0.28669894,0.6123005,0.03505162,-0.40239966,0.0038363023}
conv2d_transpose	3	1	bias	{-0.1303,0.0905}	{-0.03792394,0.0027443133}
\.

COPY golden_epoch (network, epoch, loss, val_loss, metrics) FROM stdin;
conv2d_transpose	1	0.5911237	\N	{}
conv2d_transpose	2	0.5813462	\N	{}
conv2d_transpose	3	0.58197176	\N	{}
conv2d_transpose	4	0.5801203	\N	{}
\.

COPY golden_evaluation (network, loss, metrics) FROM stdin;
conv2d_transpose	0.5731688	{}
\.

COPY golden_prediction (network, row, y) FROM stdin;
conv2d_transpose	1	{-0.00071669,0.0008486154}
conv2d_transpose	2	{0.016024694,-0.006601044}
conv2d_transpose	3	{-0.005460657,0.0049387803}
conv2d_transpose	4	{0.047567256,-0.016439227}
conv2d_transpose	5	{0.07738038,-0.020938603}
conv2d_transpose	6	{0.00041726977,0.003099212}
conv2d_transpose	7	{0.09002773,-0.018456766}
conv2d_transpose	8	{0.02551043,-0.001693822}
\.

COPY golden_network (name, dataset, layers, loss, optimizer, metrics, x, y, options, weight, held) FROM stdin;
conv3d_transpose	image	nnet.input(6, 5, 2),\n    nnet.reshape(ARRAY[3,2,5,2]),\n    nnet.conv3d_transpose(2, 2, activation => 'tanh', kernel_constraint => nnet.max_norm(0.7), bias_constraint => nnet.max_norm(0.05)),\n    nnet.flatten(),\n    nnet.dense(2, activation => 'linear')	mean_squared_error	nnet.adam(learning_rate => 0.05)	{}	x	reals		\N	f
\.

COPY golden_tensor (network, layer, i, tensor, initial, final) FROM stdin;
conv3d_transpose	2	0	kernel	{-0.2087,0.3139,0.3797,-0.1358,-0.4058,-0.3375,0.039,-0.4187,0.2568,-0.1886,0.1273,-0.3261,0.1042,-0.1295,0.0251,-0.3627,-0.1687,0.0066,0.4004,-0.2086,-0.3243,-0.1065,0.1092,0.3618,0.1798,-0.2303,0.3329,-0.2017,-0.2788,-0.2721,-0.3646,0.2086}	{0.0130285835,0.17223518,0.2541258,0.19351833,-0.32302395,-0.024147565,0.13066335,-0.11210361,0.12393729,-0.0055650137,-0.006817448,-0.19166222,-0.0067800665,0.08197859,0.01703319,-0.02071967,-0.012853898,-0.11074949,-0.0028186282,0.024884226,0.035754073,-0.065384775,0.114575244,0.2835341,-0.0167335,-0.054121647,0.10074676,-0.15891765,-0.092368126,-0.04797709,-0.08959598,0.19395082}
conv3d_transpose	2	1	bias	{0.0346,0.0822}	{0.020544767,-0.0058019524}
conv3d_transpose	4	0	kernel	{0.037,-0.0396,0.1261,0.0257,-0.0737,0.0049,-0.104,0.1764,-0.0564,-0.0643,-0.0317,0.1395,0.0048,0.1123,-0.0691,0.0731,-0.0647,0.1292,-0.0712,0.0323,0.0961,-0.1561,0.0563,-0.0687,-0.0651,-0.1754,-0.1768,0.1728,-0.2004,-0.082,0.0348,0.1274,0.1466,-0.1183,0.1868,0.1594,0.1783,-0.2007,-0.0398,-0.0515,0.1134,0.0194,-0.0575,0.1492,0.077,0.1935,0.1951,0.0995,0.0647,-0.0029,-0.192,6e-04,0.0809,0.1243,0.0632,-0.1795,0.1389,-0.0026,0.0316,-0.1021,0.123,0.0937,-0.0683,-0.1819,0.1805,0.0571,-0.1036,0.1402,-0.1425,0.1573,0.1382,0.1761,-0.1295,-0.1031,-0.0579,-0.0318,0.1266,-0.1691,-0.0885,0.0413,-0.0064,0.0726,-0.1469,0.086,0.0932,0.1667,0.052,-0.0271,0.1501,-0.1672,-0.019,-0.1407,-0.0603,-0.0906,-0.0905,-0.1241,0.0737,-0.0655,0.0963,-0.1629,-0.1361,-0.1079,-0.125,-0.1266,-0.1453,-0.077,-0.1748,-0.1153,-0.0745,-0.011,0.0934,0.0155,-0.2015,0.1027,-0.1234,-0.1857,-0.0498,0.0588,0.0892,-0.0309,-0.076,-0.0033,-0.0464,-0.1466,-0.0193,-0.0775,-0.1408,0.1216,-0.1641,0.075,0.1605,-0.0584,-0.0562,-0.0106,-0.1149,-0.069,-4e-04,-0.1782,0.0822,-0.1739,0.1977,0.1127,0.0722,0.0933,0.0352,0.1021,0.1449,0.1439,0.074,0.1982,-0.0776,-0.0997,0.0381,-0.0961,-0.0901,0.1629,-0.1612,0.1741,-0.1839,-0.2017,0.1327,0.1622,0.0035,0.1009,-0.0387,0.2006,-0.1624,0.201,0.07,0.1624,0.0983,-0.0345,-0.0922,0.0413,0.1333,-0.1918,-0.0737,-0.1693,0.0249,-0.0607,-0.1536,-0.1335,0.1925,-0.0317,-0.1027,0.1027,0.0469,0.0359,0.03,-0.1789,0.0109,-0.1209,-0.0253,-0.1436,-0.1045,-0.0998,-0.1429,0.0214,0.1252,-0.1781,-0.1079,-0.1979,-0.1493,-0.1702,0.0938,0.1155,0.1223,-0.1802,0.0679,0.0346,0.1052,-0.0796,0.1499,0.148,0.0643,0.1153,-0.0392,0.1418,-0.1252,0.1116,0.1379,0.1651,-0.1836,-0.1171,0.1465,0.1306,-0.1005,0.1754,0.0537,0.0197,0.0931,0.1816,-0.159,-0.1138,0.0915,0.1278,0.0866,-0.0978,-0.0658,0.1322,-0.1197,0.1807,0.0681,-0.0255,0.1872,0.1028,-0.0015,-0.0629,0.12,-7e-04,-0.1248,-0.1508,-0.0107,0.0553,-0.0491,0.14,0.1548,0.1544,-0.0721,0.0849,-0.1511,0.193,0.1225,-0.0363,-0.0995,-0.0461,0.0982,-0.0455,0.1567,-0.1772,-0.1388,-0.1035,-0.1096,0.0141,0.1822,-0.1872,0.1115,0.0675,-0.0712,-0.1489,-0.1924,-0.083,-0.1602,-0.0654,-0.1146,-0.1047,0.1219,0.1823}	{-0.4409698,0.19720264,0.24263729,-0.24405435,-0.00383024,0.19278157,0.044041287,0.07849245,0.093499646,0.038731832,-0.05212636,-0.030334337,-0.004677587,0.09334875,-0.09554611,-0.22342038,0.08919825,0.2768043,-0.1835999,-0.22430177,0.36806458,-0.25855353,0.11845703,-0.16255844,-0.05132791,-0.4878313,-0.021056367,0.0836241,-0.07241472,-0.07485542,0.24207002,0.25611925,-0.06585695,-0.13600141,-0.06863168,-0.081967324,0.06262615,-0.047297236,0.055968184,-0.38925776,0.021740759,0.056244515,0.035369582,0.0102574425,0.004875825,-0.0041805105,0.10555157,-0.039513268,0.113145396,0.17881553,0.17189775,0.52377576,0.022148473,0.19608945,0.17882818,0.23581165,0.050005358,0.028981648,-0.1446142,0.04130946,0.0035780235,0.0635753,0.012972621,0.12873521,-0.13347694,-0.17241381,-0.33101937,-0.0017678463,-0.33879298,-0.13614963,-0.03344975,-0.049432494,0.15027104,0.16508898,-0.061615378,-0.19029307,0.29460183,-0.14170437,-0.08038444,0.25495204,-0.059409887,-0.050589852,-0.18521899,0.06569306,0.06483574,-0.021675467,0.12366894,0.12697528,0.1724632,-0.11964364,-0.269198,-0.020871649,0.09692904,-0.18520084,-0.12444537,0.019920753,-0.1615246,-0.294761,0.27544785,-0.28995895,0.121337615,0.0966143,-0.021206146,0.11709794,-0.09728387,-0.13965507,0.026720867,-0.13575497,-0.13727966,-0.0068091033,0.16749159,0.0039647757,-0.07899841,0.3617136,-0.09804959,0.26391515,-0.19833194,-0.25563243,0.17996109,0.14409791,0.11170258,0.26158193,0.18809305,0.23096342,0.191068,-0.11312302,-0.06712597,-0.07901598,-0.12761416,0.2668871,0.16156235,-0.120881826,0.15686649,0.47456646,0.122307435,0.17104748,0.025792416,-0.0026693505,-0.03131045,-0.041604914,0.15276465,0.08417785,0.1899698,0.12326369,0.061504953,0.09673765,0.14332344,0.0341795,-0.042665962,0.17695321,-0.22163953,0.040410288,-0.12535103,-0.053544234,0.12416743,-0.20046149,-0.24626327,0.04317215,0.052415654,-0.052033037,0.08966044,0.035616346,0.17345423,0.101976596,-0.11453029,0.03256832,-0.14219698,0.09022478,0.2050725,-0.19726536,0.035893492,0.08831707,0.047737915,-0.040650263,0.02128239,-0.24751653,-0.03520209,-0.22776644,0.23593149,-0.04560715,-0.081725545,0.024494154,0.038465403,0.012011436,-0.15615408,0.08662484,-0.20957966,-0.41672847,-0.067770645,-0.42396152,0.24854554,-0.05872419,-0.013699816,0.13348939,0.05551766,0.17935927,0.10049687,0.33323354,-0.27379176,-0.22695611,-0.047014367,-0.05080325,-0.41512248,0.116211265,0.039157104,0.14739762,-0.062358517,0.2873662,-0.1539751,0.14239977,-0.11211781,-0.0035418745,-0.12766092,-0.38282767,0.112900764,-0.12107033,-0.06267916,0.4979207,0.019062422,0.0042381827,-0.048388813,0.0622787,-0.07423448,-0.14908636,0.28910327,0.04661983,0.07963142,0.27216515,0.024525674,-0.23328808,0.017934889,0.25538963,-0.03807097,-0.1782974,0.27162445,0.26997364,0.39689782,0.010648644,-0.014944159,0.45726427,0.035653427,0.1636776,-0.0052368697,0.06255978,-0.17100911,0.026478939,0.09264037,-0.03344357,0.2052501,-0.06749062,0.23582911,-0.020731157,-0.31739688,0.05343785,-0.16797863,0.18538475,0.04399356,-0.090764984,0.07358395,0.07437935,-0.046106715,0.07678973,0.09524286,0.16435611,-0.29304725,0.073184565,-0.12180024,0.093661584,0.13021258,-0.22939594,0.129264,-0.122173674,-0.49290252,0.0018531866,0.23487693,0.041897397,-0.1574607,0.2715869,-0.13098441,-0.12909742,-0.44337854,-0.124296814,0.016949836,-0.09815112,0.044949386,-0.16733074,0.09447424,0.19004264}
conv3d_transpose	4	1	bias	{0.033,-0.1303}	{0.19055302,0.038050584}
\.

COPY golden_epoch (network, epoch, loss, val_loss, metrics) FROM stdin;
conv3d_transpose	1	1.0169221	\N	{}
conv3d_transpose	2	0.513683	\N	{}
conv3d_transpose	3	0.21095303	\N	{}
conv3d_transpose	4	0.17861989	\N	{}
\.

COPY golden_evaluation (network, loss, metrics) FROM stdin;
conv3d_transpose	0.09443123	{}
\.

COPY golden_prediction (network, row, y) FROM stdin;
conv3d_transpose	1	{1.3138714,0.40190995}
conv3d_transpose	2	{0.9410036,-0.05330237}
conv3d_transpose	3	{-0.82963306,0.6544578}
conv3d_transpose	4	{-0.5748267,-1.3313953}
conv3d_transpose	5	{-0.40132076,-0.32654834}
conv3d_transpose	6	{0.37109017,0.36384216}
conv3d_transpose	7	{0.71691656,-0.008367892}
conv3d_transpose	8	{0.8378397,-0.76391745}
\.

COPY golden_network (name, dataset, layers, loss, optimizer, metrics, x, y, options, weight, held) FROM stdin;
depthwise_conv1d	steps	nnet.input(6, 3),\n    nnet.depthwise_conv1d(3, depth_multiplier => 2, activation => 'tanh', depthwise_constraint => nnet.max_norm(0.7), bias_constraint => nnet.max_norm(0.05)),\n    nnet.global_average_pooling1d(),\n    nnet.dense(2, activation => 'linear')	mean_squared_error	nnet.sgd(learning_rate => 0.2, momentum => 0.5)	{}	x	reals		\N	f
\.

COPY golden_tensor (network, layer, i, tensor, initial, final) FROM stdin;
depthwise_conv1d	1	0	kernel	{-0.3048,0.4585,0.5545,-0.1983,-0.5927,-0.4929,0.057,-0.6116,0.375,-0.2755,0.1859,-0.4763,0.1523,-0.1891,0.0367,-0.5298,-0.2464,0.0096}	{-0.2535296,0.37141067,0.5285017,-0.50175387,-0.6487763,-0.3688791,0.1976951,-0.50394535,0.41361287,0.10437887,-0.08043058,-0.25905064,0.35989806,-0.018165452,-0.032514695,-0.47681013,-0.2502402,0.06423351}
depthwise_conv1d	1	1	bias	{0.0346,0.0822,0.033,-0.1303,0.0905,0.0446}	{0.007946686,0.0012668289,-0.0018564118,0.027474757,0.037437025,0.016595071}
depthwise_conv1d	3	0	kernel	{0.1581,-0.1692,0.5387,0.1099,-0.3148,0.0208,-0.4445,0.7534,-0.241,-0.2749,-0.1355,0.5961}	{0.27492556,-0.31649205,0.3564867,0.23632333,0.10412576,0.31454659,-0.74619675,0.637256,-0.0796288,-0.68374825,0.19850364,-0.09010231}
depthwise_conv1d	3	1	bias	{-0.0537,0.0581}	{-0.015436441,0.02669447}
\.

COPY golden_epoch (network, epoch, loss, val_loss, metrics) FROM stdin;
depthwise_conv1d	1	0.66200435	\N	{}
depthwise_conv1d	2	0.55793256	\N	{}
depthwise_conv1d	3	0.5007149	\N	{}
depthwise_conv1d	4	0.4659682	\N	{}
\.

COPY golden_evaluation (network, loss, metrics) FROM stdin;
depthwise_conv1d	0.43664256	{}
\.

COPY golden_prediction (network, row, y) FROM stdin;
depthwise_conv1d	1	{-0.38516477,0.29980046}
depthwise_conv1d	2	{-0.066174224,0.20370519}
depthwise_conv1d	3	{-0.5956038,-0.012282774}
depthwise_conv1d	4	{0.11811681,-0.31980428}
depthwise_conv1d	5	{0.10242351,0.0059413724}
depthwise_conv1d	6	{-0.019915141,0.2111249}
depthwise_conv1d	7	{0.15630628,0.21792215}
depthwise_conv1d	8	{0.079337515,-0.09835463}
\.

COPY golden_network (name, dataset, layers, loss, optimizer, metrics, x, y, options, weight, held) FROM stdin;
depthwise_conv2d	image	nnet.input(6, 5, 2),\n    nnet.depthwise_conv2d(2, depth_multiplier => 2, activation => 'tanh', depthwise_constraint => nnet.unit_norm(axis => ARRAY[0,1]), bias_constraint => nnet.non_neg()),\n    nnet.global_average_pooling2d(),\n    nnet.dense(2, activation => 'linear')	mean_squared_error	nnet.sgd(learning_rate => 0.2, momentum => 0.5)	{}	x	reals		\N	f
\.

COPY golden_tensor (network, layer, i, tensor, initial, final) FROM stdin;
depthwise_conv2d	1	0	kernel	{-0.2952,0.4439,0.5369,-0.192,-0.5738,-0.4772,0.0552,-0.5922,0.3631,-0.2668,0.18,-0.4612,0.1474,-0.1831,0.0356,-0.513}	{-0.3231063,0.6458069,0.9458949,-0.04124917,-0.74537784,-0.67409366,0.103607625,-0.5413236,0.55162835,-0.30369216,0.30524704,-0.61764663,0.18899742,-0.19053116,0.037045736,-0.56901646}
depthwise_conv2d	1	1	bias	{0.0346,0.0822,0.033,-0.1303}	{0.026989162,0.05744591,0.008359719,0.038362715}
depthwise_conv2d	3	0	kernel	{0.1825,-0.1953,0.6221,0.1269,-0.3635,0.024,-0.5132,0.87}	{0.27956524,-0.15285178,0.60414267,0.061916504,-0.49385667,0.25300056,-0.5530334,0.4954764}
depthwise_conv2d	3	1	bias	{0.0905,0.0446}	{0.053319983,-0.042596318}
\.

COPY golden_epoch (network, epoch, loss, val_loss, metrics) FROM stdin;
depthwise_conv2d	1	0.60416466	\N	{}
depthwise_conv2d	2	0.588314	\N	{}
depthwise_conv2d	3	0.5809375	\N	{}
depthwise_conv2d	4	0.5717698	\N	{}
\.

COPY golden_evaluation (network, loss, metrics) FROM stdin;
depthwise_conv2d	0.56042254	{}
\.

COPY golden_prediction (network, row, y) FROM stdin;
depthwise_conv2d	1	{0.122823276,-0.0076629184}
depthwise_conv2d	2	{0.13001038,-0.004828967}
depthwise_conv2d	3	{0.037241668,-0.0844653}
depthwise_conv2d	4	{0.14707515,-0.06641033}
depthwise_conv2d	5	{-0.09841985,0.06662857}
depthwise_conv2d	6	{0.14661787,-0.07471095}
depthwise_conv2d	7	{0.040760655,-0.058972035}
depthwise_conv2d	8	{0.14175992,-0.09357492}
\.

COPY golden_network (name, dataset, layers, loss, optimizer, metrics, x, y, options, weight, held) FROM stdin;
separable_conv1d	steps	nnet.input(6, 3),\n    nnet.separable_conv1d(4, 2, activation => 'tanh', pointwise_constraint => nnet.unit_norm(), depthwise_constraint => nnet.max_norm(0.7), bias_constraint => nnet.max_norm(0.05)),\n    nnet.global_average_pooling1d(),\n    nnet.dense(2, activation => 'linear')	mean_squared_error	nnet.sgd(learning_rate => 0.2, momentum => 0.5)	{}	x	reals		\N	f
\.

COPY golden_tensor (network, layer, i, tensor, initial, final) FROM stdin;
separable_conv1d	1	0	depthwise_kernel	{-0.4174,0.6278,0.7593,-0.2715,-0.8115,-0.6749}	{-0.09399112,-0.12405358,0.5625451,-0.40466154,-0.6889198,0.014185062}
separable_conv1d	1	1	pointwise_kernel	{0.169,-0.1809,0.5759,0.1175,-0.3365,0.0223,-0.4751,0.8054,-0.2576,-0.2939,-0.1448,0.6373}	{0.9999999,-0.9999999,0.9999999,0.9999999,-0.9999999,0.9999999,-0.9999999,0.9999999,-0.9999999,-0.9999999,-0.9999999,0.9999999}
separable_conv1d	1	2	bias	{0.0346,0.0822,0.033,-0.1303}	{0.0028605845,0.04950478,-0.0054484364,-0.0033767116}
separable_conv1d	3	0	kernel	{0.0049,-0.209,-0.9921,-0.6717,-0.4239,0.1547,-0.0201,0.4462}	{0.21778764,-0.38521007,-0.6706766,-0.6439564,-0.21810286,-0.027305435,-0.38434187,0.4902501}
separable_conv1d	3	1	bias	{0.0905,0.0446}	{-0.017860198,0.041770294}
\.

COPY golden_epoch (network, epoch, loss, val_loss, metrics) FROM stdin;
separable_conv1d	1	0.6325829	\N	{}
separable_conv1d	2	0.59089583	\N	{}
separable_conv1d	3	0.5487026	\N	{}
separable_conv1d	4	0.51068014	\N	{}
\.

COPY golden_evaluation (network, loss, metrics) FROM stdin;
separable_conv1d	0.48224	{}
\.

COPY golden_prediction (network, row, y) FROM stdin;
separable_conv1d	1	{-0.3063222,0.42285228}
separable_conv1d	2	{-0.13897662,0.27498564}
separable_conv1d	3	{-0.670757,0.023994628}
separable_conv1d	4	{-0.035197213,-0.5580333}
separable_conv1d	5	{0.03250318,0.015744323}
separable_conv1d	6	{-0.01804173,0.19761634}
separable_conv1d	7	{0.21010624,0.19372742}
separable_conv1d	8	{0.055000342,-0.14213608}
\.

COPY golden_network (name, dataset, layers, loss, optimizer, metrics, x, y, options, weight, held) FROM stdin;
separable_conv2d	image	nnet.input(6, 5, 2),\n    nnet.separable_conv2d(4, 2, activation => 'tanh', depthwise_constraint => nnet.non_neg(), pointwise_constraint => nnet.max_norm(0.5, axis => 2), bias_constraint => nnet.non_neg()),\n    nnet.global_average_pooling2d(),\n    nnet.dense(2, activation => 'linear')	mean_squared_error	nnet.sgd(learning_rate => 0.2, momentum => 0.5)	{}	x	reals		\N	f
\.

COPY golden_tensor (network, layer, i, tensor, initial, final) FROM stdin;
separable_conv2d	1	0	depthwise_kernel	{-0.3408,0.5126,0.62,-0.2217,-0.6626,-0.5511,0.0637,-0.6838}	{0,0.53659123,0.60920733,0.023938034,0,0,0.078991815,0.01635586}
separable_conv2d	1	1	pointwise_kernel	{0.1825,-0.1953,0.6221,0.1269,-0.3635,0.024,-0.5132,0.87}	{0.19124262,-0.10652279,0.40130374,0.05412148,-0.36890528,0.1577672,-0.2602156,0.49706215}
separable_conv2d	1	2	bias	{0.0346,0.0822,0.033,-0.1303}	{0.034654863,0.13226947,0.024532989,0.0046536047}
separable_conv2d	3	0	kernel	{0.0049,-0.209,-0.9921,-0.6717,-0.4239,0.1547,-0.0201,0.4462}	{0.048636906,-0.21324356,-0.93480366,-0.6349209,-0.40081626,0.13059533,-0.11231869,0.42192224}
separable_conv2d	3	1	bias	{0.0905,0.0446}	{0.11148985,0.02744241}
\.

COPY golden_epoch (network, epoch, loss, val_loss, metrics) FROM stdin;
separable_conv2d	1	0.59378296	\N	{}
separable_conv2d	2	0.5884303	\N	{}
separable_conv2d	3	0.587571	\N	{}
separable_conv2d	4	0.5861499	\N	{}
\.

COPY golden_evaluation (network, loss, metrics) FROM stdin;
separable_conv2d	0.5788645	{}
\.

COPY golden_prediction (network, row, y) FROM stdin;
separable_conv2d	1	{0.011712611,-0.09932546}
separable_conv2d	2	{0.011850223,-0.10036759}
separable_conv2d	3	{-0.031690165,-0.03795462}
separable_conv2d	4	{-0.024647877,-0.050390735}
separable_conv2d	5	{-0.0243949,-0.040846117}
separable_conv2d	6	{-0.021937221,-0.055154078}
separable_conv2d	7	{-0.034968197,-0.02797072}
separable_conv2d	8	{-0.011671647,-0.06866269}
\.

COPY golden_network (name, dataset, layers, loss, optimizer, metrics, x, y, options, weight, held) FROM stdin;
batch_normalization	table	nnet.input(5),\n    nnet.dense(6, activation => 'tanh'),\n    nnet.batch_normalization(beta_constraint => nnet.non_neg(), gamma_constraint => nnet.max_norm(2.0)),\n    nnet.dense(2, activation => 'linear')	mean_squared_error	nnet.sgd(learning_rate => 0.3, momentum => 0.5)	{}	x	reals		\N	f
\.

COPY golden_tensor (network, layer, i, tensor, initial, final) FROM stdin;
batch_normalization	1	0	kernel	{-0.356,0.5354,0.6476,-0.2316,-0.6921,-0.5756,0.0665,-0.7142,0.438,-0.3217,0.217,-0.5562,0.1778,-0.2209,0.0429,-0.6187,-0.2877,0.0112,0.683,-0.3557,-0.5531,-0.1816,0.1862,0.617,0.3067,-0.3928,0.5678,-0.3441,-0.4755,-0.4641}	{-0.39052555,0.29432186,0.9394196,-0.1900084,-0.5456613,-0.581689,0.029121391,-0.4789857,0.19154213,0.014104903,0.34293634,-0.5507458,0.18098044,-0.37260085,-0.029426537,-0.734817,0.035214107,-0.042851012,0.7055045,-0.8457524,-0.103069305,-0.8646708,0.28085676,0.7979603,0.23845078,-0.3787134,0.5460725,0.36517215,-0.7397052,-0.31456354}
batch_normalization	1	1	bias	{0.0346,0.0822,0.033,-0.1303,0.0905,0.0446}	{0.051637515,0.079251684,0.02875422,-0.043441158,0.09589936,0.09841818}
batch_normalization	2	0	gamma	{0.9463,1.0581,1.0365,1.0294,1.0028,1.0547}	{0.6867477,0.56437206,0.7493757,0.86635107,0.6284331,0.6411705}
batch_normalization	2	1	beta	{-0.0736,-0.0163,-0.0482,0.0599,0.004,-0.0292}	{0.007659272,0,0.05532221,0.104885116,0.011699289,0.026389282}
batch_normalization	2	2	moving_mean	{0,0,0,0,0,0}	{0.026319675,-0.00097015395,-0.019624297,0.0059700846,0.025272623,0.035796233}
batch_normalization	2	3	moving_variance	{1,1,1,1,1,1}	{0.8712771,0.8924055,0.8942096,0.8896242,0.88675606,0.892182}
batch_normalization	3	0	kernel	{0.1581,-0.1692,0.5387,0.1099,-0.3148,0.0208,-0.4445,0.7534,-0.241,-0.2749,-0.1355,0.5961}	{-0.032594457,-0.090548664,0.15187393,-0.19401816,-0.5524996,0.06712729,0.40588394,0.80722153,0.40694967,-0.20166379,-0.37819088,0.14915493}
batch_normalization	3	1	bias	{-0.0782,-0.0257}	{-0.054764684,0.086111516}
\.

COPY golden_epoch (network, epoch, loss, val_loss, metrics) FROM stdin;
batch_normalization	1	0.49709257	\N	{}
batch_normalization	2	0.18383673	\N	{}
batch_normalization	3	0.080812134	\N	{}
batch_normalization	4	0.06573703	\N	{}
\.

COPY golden_evaluation (network, loss, metrics) FROM stdin;
batch_normalization	0.10402172	{}
\.

COPY golden_prediction (network, row, y) FROM stdin;
batch_normalization	1	{-0.33365875,-0.54711294}
batch_normalization	2	{-0.029237991,-0.33000228}
batch_normalization	3	{-0.044765912,-0.41155913}
batch_normalization	4	{-0.0737285,0.9001062}
batch_normalization	5	{0.10258858,0.4475711}
batch_normalization	6	{0.21024913,0.5011977}
batch_normalization	7	{-0.77718306,-0.38516113}
batch_normalization	8	{-0.2425953,-0.573771}
\.

COPY golden_network (name, dataset, layers, loss, optimizer, metrics, x, y, options, weight, held) FROM stdin;
layer_normalization	table	nnet.input(5),\n    nnet.dense(6, activation => 'tanh'),\n    nnet.layer_normalization(beta_constraint => nnet.max_norm(0.2), gamma_constraint => nnet.unit_norm()),\n    nnet.dense(2, activation => 'linear')	mean_squared_error	nnet.sgd(learning_rate => 0.3, momentum => 0.5)	{}	x	reals		\N	f
\.

COPY golden_tensor (network, layer, i, tensor, initial, final) FROM stdin;
layer_normalization	1	0	kernel	{-0.356,0.5354,0.6476,-0.2316,-0.6921,-0.5756,0.0665,-0.7142,0.438,-0.3217,0.217,-0.5562,0.1778,-0.2209,0.0429,-0.6187,-0.2877,0.0112,0.683,-0.3557,-0.5531,-0.1816,0.1862,0.617,0.3067,-0.3928,0.5678,-0.3441,-0.4755,-0.4641}	{-0.18961678,0.16489512,0.87279534,-0.34902143,-0.54359674,-0.44589704,-0.05531859,-0.55023515,0.113484934,0.013461271,0.30462903,-0.6328897,0.25793442,-0.37600124,-0.008868197,-0.79562485,0.028274667,0.0031679885,0.7566092,-0.66315824,-0.19032265,-0.6069051,0.28146696,0.707335,0.13513552,-0.46536282,0.670942,0.20617992,-0.76565945,-0.35518178}
layer_normalization	1	1	bias	{0.0346,0.0822,0.033,-0.1303,0.0905,0.0446}	{-0.0053387843,0.020581642,0.061314378,-0.045401618,-0.052527457,0.11120355}
layer_normalization	2	0	gamma	{0.9463,1.0581,1.0365,1.0294,1.0028,1.0547}	{0.35717407,0.13852543,0.40568745,0.6471147,0.39212283,0.34078902}
layer_normalization	2	1	beta	{-0.0736,-0.0163,-0.0482,0.0599,0.004,-0.0292}	{-0.09372344,-0.01633016,0.048438873,0.11566377,-0.03565781,-0.022019587}
layer_normalization	3	0	kernel	{0.1581,-0.1692,0.5387,0.1099,-0.3148,0.0208,-0.4445,0.7534,-0.241,-0.2749,-0.1355,0.5961}	{-0.34231147,-0.23570688,0.35444814,-0.04281832,-0.64068913,0.27492303,0.45407364,1.0520765,0.4015774,-0.32799786,-0.42237002,0.27171782}
layer_normalization	3	1	bias	{-0.0782,-0.0257}	{-0.11232613,0.041607447}
\.

COPY golden_epoch (network, epoch, loss, val_loss, metrics) FROM stdin;
layer_normalization	1	0.43269238	\N	{}
layer_normalization	2	0.19457467	\N	{}
layer_normalization	3	0.1051118	\N	{}
layer_normalization	4	0.076174386	\N	{}
\.

COPY golden_evaluation (network, loss, metrics) FROM stdin;
layer_normalization	0.07167073	{}
\.

COPY golden_prediction (network, row, y) FROM stdin;
layer_normalization	1	{-0.3678674,-0.7906347}
layer_normalization	2	{-0.15348458,-0.44939673}
layer_normalization	3	{-0.093408406,-0.57599175}
layer_normalization	4	{0.013847053,1.3278942}
layer_normalization	5	{0.17990132,0.67732215}
layer_normalization	6	{0.33771628,0.78291965}
layer_normalization	7	{-0.89700526,-0.3191424}
layer_normalization	8	{-0.324615,-0.8639985}
\.

COPY golden_network (name, dataset, layers, loss, optimizer, metrics, x, y, options, weight, held) FROM stdin;
group_normalization	image	nnet.input(6, 5, 2),\n    nnet.conv2d(4, 2, activation => 'tanh'),\n    nnet.group_normalization(2, beta_constraint => nnet.non_neg(), gamma_constraint => nnet.min_max_norm(0.5, 1.5)),\n    nnet.global_average_pooling2d(),\n    nnet.dense(2, activation => 'linear')	mean_squared_error	nnet.sgd(learning_rate => 0.2, momentum => 0.5)	{}	x	reals		\N	f
\.

COPY golden_tensor (network, layer, i, tensor, initial, final) FROM stdin;
group_normalization	1	0	kernel	{-0.241,0.3624,0.4384,-0.1568,-0.4685,-0.3897,0.0451,-0.4835,0.2965,-0.2178,0.1469,-0.3765,0.1204,-0.1495,0.029,-0.4189,-0.1948,0.0076,0.4624,-0.2408,-0.3745,-0.1229,0.1261,0.4177,0.2077,-0.266,0.3844,-0.2329,-0.3219,-0.3142,-0.421,0.2408}	{-0.26157656,0.4022886,0.47730118,-0.20771345,-0.41786313,-0.4528586,0.011955123,-0.48169863,0.28261167,-0.22105996,0.11768105,-0.35171008,0.11065983,-0.11601616,-0.07817949,-0.3875606,-0.25493678,0.06527541,0.46421215,-0.22855362,-0.3550797,-0.11612493,0.16919051,0.42094907,0.13509625,-0.17551756,0.32514068,-0.17281923,-0.38550276,-0.24947703,-0.48947567,0.29459846}
group_normalization	1	1	bias	{0.0346,0.0822,0.033,-0.1303}	{-0.022014793,0.15488163,0.019783085,-0.08436033}
group_normalization	2	0	gamma	{1.0905,1.0446,0.9463,1.0581}	{0.7607311,0.77911806,0.715318,0.59221244}
group_normalization	2	1	beta	{0.0365,0.0294,0.0028,0.0547}	{0.04699348,0.05511102,0.019305868,0.028142318}
group_normalization	4	0	kernel	{0.1825,-0.1953,0.6221,0.1269,-0.3635,0.024,-0.5132,0.87}	{0.13654268,-0.044796493,0.65112656,-0.02128958,-0.38726985,0.17270511,-0.4796283,0.6736881}
group_normalization	4	1	bias	{-0.0736,-0.0163}	{-0.019294444,-0.025747046}
\.

COPY golden_epoch (network, epoch, loss, val_loss, metrics) FROM stdin;
group_normalization	1	0.6148869	\N	{}
group_normalization	2	0.5909167	\N	{}
group_normalization	3	0.58412445	\N	{}
group_normalization	4	0.57925886	\N	{}
\.

COPY golden_evaluation (network, loss, metrics) FROM stdin;
group_normalization	0.5674351	{}
\.

COPY golden_prediction (network, row, y) FROM stdin;
group_normalization	1	{0.020106092,0.09373851}
group_normalization	2	{0.031378884,0.10604493}
group_normalization	3	{-0.026940443,0.02144761}
group_normalization	4	{0.0885393,-0.03117975}
group_normalization	5	{-0.0082543185,-0.12495832}
group_normalization	6	{0.072447404,-0.031743642}
group_normalization	7	{0.16804363,-0.18942289}
group_normalization	8	{0.100663796,0.052922703}
\.

COPY golden_network (name, dataset, layers, loss, optimizer, metrics, x, y, options, weight, held) FROM stdin;
prelu	table	nnet.input(5),\n    nnet.dense(6, activation => 'linear'),\n    nnet.prelu(alpha_constraint => nnet.non_neg()),\n    nnet.dense(4, activation => 'linear'),\n    nnet.prelu(alpha_constraint => nnet.unit_norm()),\n    nnet.dense(2, activation => 'linear')	mean_squared_error	nnet.sgd(learning_rate => 0.3, momentum => 0.5)	{}	x	reals		\N	f
\.

COPY golden_tensor (network, layer, i, tensor, initial, final) FROM stdin;
prelu	1	0	kernel	{-0.356,0.5354,0.6476,-0.2316,-0.6921,-0.5756,0.0665,-0.7142,0.438,-0.3217,0.217,-0.5562,0.1778,-0.2209,0.0429,-0.6187,-0.2877,0.0112,0.683,-0.3557,-0.5531,-0.1816,0.1862,0.617,0.3067,-0.3928,0.5678,-0.3441,-0.4755,-0.4641}	{-0.24327919,0.5028261,0.5060725,-0.5115068,-0.6841234,-0.40763324,0.18525735,-0.60918915,0.38162038,-0.20135024,0.15686253,-0.2339417,0.064041145,-0.29894972,-0.19484428,-0.67455757,-0.24049403,0.20188798,0.62796855,-0.30463943,-0.61994404,-0.47335514,-0.06786093,0.63491434,0.44213933,0.014454677,0.8574561,-0.15656853,-0.3285302,-0.7263441}
prelu	1	1	bias	{0.0346,0.0822,0.033,-0.1303,0.0905,0.0446}	{0.17980695,0.026676472,0.19191691,0.019540576,0.020776479,0.23464833}
prelu	2	0	alpha	{-0.0537,0.0581,0.0365,0.0294,0.0028,0.0547}	{0.028477633,0.10261156,0.2633357,0.4922856,0.33173987,0.09596586}
prelu	3	0	kernel	{0.1414,-0.1513,0.4819,0.0983,-0.2816,0.0186,-0.3975,0.6739,-0.2155,-0.2459,-0.1212,0.5332,0.0182,0.4293,-0.264,0.2792,-0.2473,0.4938,-0.2721,0.1234,0.367,-0.5963,0.215,-0.2623}	{0.1470483,-0.30030698,0.45146656,0.0556282,-0.27268213,-0.3590503,-0.36436155,0.35577565,-0.26017138,-0.39246678,-0.05632989,0.7668417,0.06573185,0.4010787,-0.08002446,0.62586576,-0.03314861,0.29935932,-0.23492093,0.41041386,0.5442845,-0.41350257,0.13448377,-0.40814665}
prelu	3	1	bias	{-0.0736,-0.0163,-0.0482,0.0599}	{0.028838957,-0.6577196,0.13786313,0.13688157}
prelu	4	0	alpha	{0.004,-0.0292,-0.0782,-0.0257}	{0.12760043,-0.8005877,-0.5450758,-0.21370481}
prelu	5	0	kernel	{0.0049,-0.209,-0.9921,-0.6717,-0.4239,0.1547,-0.0201,0.4462}	{0.33785757,-0.36693308,-0.8537362,-0.4858585,-0.26846933,0.010868632,0.34609267,0.79964167}
prelu	5	1	bias	{8e-04,-0.0276}	{0.23943813,-0.10499892}
\.

COPY golden_epoch (network, epoch, loss, val_loss, metrics) FROM stdin;
prelu	1	0.4460699	\N	{}
prelu	2	0.3350185	\N	{}
prelu	3	0.18176867	\N	{}
prelu	4	0.18115845	\N	{}
\.

COPY golden_evaluation (network, loss, metrics) FROM stdin;
prelu	0.1036895	{}
\.

COPY golden_prediction (network, row, y) FROM stdin;
prelu	1	{-0.66664153,-0.99378717}
prelu	2	{-0.5813952,-0.8664808}
prelu	3	{-0.14674325,-1.0077914}
prelu	4	{0.087000325,1.1481534}
prelu	5	{-0.062427267,0.035447612}
prelu	6	{0.18836357,0.107043564}
prelu	7	{-1.0802022,-0.54992545}
prelu	8	{-0.5458978,-1.0799621}
\.

COPY golden_network (name, dataset, layers, loss, optimizer, metrics, x, y, options, weight, held) FROM stdin;
prelu_shared	image	nnet.input(6, 5, 2),\n    nnet.conv2d(4, 2),\n    nnet.prelu(alpha_constraint => nnet.max_norm(0.2, axis => 2), shared_axes => ARRAY[1,2]),\n    nnet.global_average_pooling2d(),\n    nnet.dense(2, activation => 'linear')	mean_squared_error	nnet.sgd(learning_rate => 0.2, momentum => 0.5)	{}	x	reals		\N	f
\.

COPY golden_tensor (network, layer, i, tensor, initial, final) FROM stdin;
prelu_shared	1	0	kernel	{-0.241,0.3624,0.4384,-0.1568,-0.4685,-0.3897,0.0451,-0.4835,0.2965,-0.2178,0.1469,-0.3765,0.1204,-0.1495,0.029,-0.4189,-0.1948,0.0076,0.4624,-0.2408,-0.3745,-0.1229,0.1261,0.4177,0.2077,-0.266,0.3844,-0.2329,-0.3219,-0.3142,-0.421,0.2408}	{-0.22118294,0.32076657,0.38113114,-0.15074672,-0.50783956,-0.40738973,0.038933493,-0.39462155,0.26304406,-0.27273995,0.115851775,-0.23175962,0.08453289,-0.08358118,-0.046782274,-0.20168556,-0.20901951,0.05670698,0.43012094,-0.28975996,-0.37382203,-0.08702826,0.05296316,0.30856842,0.1677332,-0.25341088,0.3227027,-0.23375905,-0.32222244,-0.1529362,-0.55260557,0.20984626}
prelu_shared	1	1	bias	{0.0346,0.0822,0.033,-0.1303}	{0.0104502365,0.035416782,-0.0008544766,-0.2655277}
prelu_shared	2	0	alpha	{0.0905,0.0446,-0.0537,0.0581}	{0.046315923,0.056283843,-0.086390495,0.054517597}
prelu_shared	4	0	kernel	{0.1825,-0.1953,0.6221,0.1269,-0.3635,0.024,-0.5132,0.87}	{0.078457825,-0.26303327,0.5454406,-0.04859753,-0.3624037,-0.03396406,-0.46354955,0.6876938}
prelu_shared	4	1	bias	{0.0365,0.0294}	{0.06354175,-0.01788959}
\.

COPY golden_epoch (network, epoch, loss, val_loss, metrics) FROM stdin;
prelu_shared	1	0.6107607	\N	{}
prelu_shared	2	0.6067141	\N	{}
prelu_shared	3	0.593002	\N	{}
prelu_shared	4	0.5868987	\N	{}
\.

COPY golden_evaluation (network, loss, metrics) FROM stdin;
prelu_shared	0.5749009	{}
\.

COPY golden_prediction (network, row, y) FROM stdin;
prelu_shared	1	{0.07773649,0.019998804}
prelu_shared	2	{0.042203963,0.06740991}
prelu_shared	3	{0.010182884,-0.07238188}
prelu_shared	4	{0.0277735,-0.036831766}
prelu_shared	5	{0.049622312,-0.13772176}
prelu_shared	6	{-0.046724074,0.0474158}
prelu_shared	7	{-0.08722886,-0.08408928}
prelu_shared	8	{0.08132525,0.041293122}
\.

COPY golden_network (name, dataset, layers, loss, optimizer, metrics, x, y, options, weight, held) FROM stdin;
einsum_dense	steps	nnet.input(6, 3),\n    nnet.einsum_dense('abc,cde->abde', ARRAY[6,2,2], bias_axes => 'de', activation => 'tanh', kernel_constraint => nnet.max_norm(0.7, axis => ARRAY[0,2]), bias_constraint => nnet.unit_norm(axis => -1)),\n    nnet.flatten(),\n    nnet.dense(2, activation => 'linear')	mean_squared_error	nnet.sgd(learning_rate => 0.1, momentum => 0.5)	{}	x	reals		\N	f
\.

COPY golden_tensor (network, layer, i, tensor, initial, final) FROM stdin;
einsum_dense	1	0	kernel	{-0.4462,0.6711,0.8118,-0.2903,-0.8676,-0.7215,0.0834,-0.8953,0.549,-0.4033,0.2721,-0.6972}	{-0.5042698,0.01664404,0.12105419,0.09584707,-0.40823087,-0.1947419,0.28384766,-0.55267304,-0.00024534942,-0.09518249,0.25358635,-0.12584175}
einsum_dense	1	1	bias	{0.0346,0.0822,0.033,-0.1303}	{0.46521026,0.8852,0.2168806,-0.976198}
einsum_dense	3	0	kernel	{0.0877,-0.0938,0.2988,0.0609,-0.1746,0.0116,-0.2465,0.4179,-0.1337,-0.1525,-0.0752,0.3307,0.0113,0.2662,-0.1638,0.1732,-0.1534,0.3063,-0.1687,0.0766,0.2276,-0.3698,0.1334,-0.1627,-0.1543,-0.4155,-0.419,0.4094,-0.4748,-0.1944,0.0825,0.3018,0.3474,-0.2802,0.4426,0.3777,0.4226,-0.4755,-0.0944,-0.1221,0.2687,0.046,-0.1361,0.3536,0.1825,0.4585,0.4623,0.2359}	{-0.23232993,-0.13909467,0.1526964,0.12821703,-0.12025141,-0.021482207,-0.5173781,0.5643706,-0.18929218,0.04173228,-0.17831491,-0.00618745,-0.21222754,0.35031188,-0.15275073,-0.0698318,-0.23925635,0.3512895,-0.12632032,-0.12124644,0.27785036,-0.449338,0.15283088,-0.2055465,-0.26282534,-0.40064946,-0.3247267,0.23942539,-0.19192277,0.09925641,0.045758955,-0.017784275,0.21556386,-0.18521543,0.27437124,0.37022218,0.43642044,-0.47522464,-0.26149622,0.031227622,0.16343857,0.35188425,-0.25313976,0.20025542,0.29893327,0.13658267,0.22934422,0.4094452}
einsum_dense	3	1	bias	{0.0905,0.0446}	{0.056318056,-0.09851235}
\.

COPY golden_epoch (network, epoch, loss, val_loss, metrics) FROM stdin;
einsum_dense	1	0.89458156	\N	{}
einsum_dense	2	0.53662026	\N	{}
einsum_dense	3	0.449719	\N	{}
einsum_dense	4	0.3981775	\N	{}
\.

COPY golden_evaluation (network, loss, metrics) FROM stdin;
einsum_dense	0.33995503	{}
\.

COPY golden_prediction (network, row, y) FROM stdin;
einsum_dense	1	{-0.45980185,-0.2260102}
einsum_dense	2	{0.08556213,-0.25718546}
einsum_dense	3	{-0.7181524,0.17885566}
einsum_dense	4	{0.05636121,-0.12778437}
einsum_dense	5	{0.43714312,-1.3520188}
einsum_dense	6	{-0.36247945,0.824994}
einsum_dense	7	{0.33327413,0.42411548}
einsum_dense	8	{-0.51317775,0.33139437}
\.

COPY golden_network (name, dataset, layers, loss, optimizer, metrics, x, y, options, weight, held) FROM stdin;
spectral_normalization	table	nnet.input(5),\n    nnet.spectral_normalization(nnet.dense(6, activation => 'tanh', kernel_constraint => nnet.max_norm(0.5), bias_constraint => nnet.non_neg())),\n    nnet.dense(2, activation => 'linear')	mean_squared_error	nnet.sgd(learning_rate => 0.1, momentum => 0.5)	{}	x	reals		\N	f
\.

COPY golden_tensor (network, layer, i, tensor, initial, final) FROM stdin;
spectral_normalization	1	0	dense/kernel	{-0.356,0.5354,0.6476,-0.2316,-0.6921,-0.5756,0.0665,-0.7142,0.438,-0.3217,0.217,-0.5562,0.1778,-0.2209,0.0429,-0.6187,-0.2877,0.0112,0.683,-0.3557,-0.5531,-0.1816,0.1862,0.617,0.3067,-0.3928,0.5678,-0.3441,-0.4755,-0.4641}	{-0.108799964,0.3843662,0.26858667,-0.11224888,-0.29926524,-0.19986278,0.03953911,-0.19556475,0.14122425,-0.09715267,0.15265097,-0.2514882,0.22170138,0.16146721,-0.035752233,-0.41124877,0.04073994,-0.0118217515,0.4243983,0.17010185,-0.09646566,-0.23807874,0.22576855,0.38287896,0.08563714,-0.09492446,0.3838398,-0.04641519,-0.2907004,0.008508407}
spectral_normalization	1	1	vector_u	{0.0118,-0.0168,-0.005,-0.0119,-0.0133,-0.0085}	{-0.5110945,-0.05741711,0.41276994,0.29084334,-0.48538136,-0.49489552}
spectral_normalization	1	2	dense/bias	{0.0346,0.0822,0.033,-0.1303,0.0905,0.0446}	{0.016165754,0.080536716,0.044130456,0.001978624,0.06858952,0.07076356}
spectral_normalization	2	0	kernel	{0.0042,-0.181,-0.8592,-0.5817,-0.3671,0.134,-0.0174,0.3864,-0.2298,-0.2576,-0.5244,0.347}	{-0.24444976,-0.4472807,-0.7361851,-0.5805442,-0.65888953,0.39546067,0.3644293,0.6842371,0.0059052845,-0.46344024,-0.4152744,0.12742263}
spectral_normalization	2	1	bias	{-0.0537,0.0581}	{-0.030125342,0.07438363}
\.

COPY golden_epoch (network, epoch, loss, val_loss, metrics) FROM stdin;
spectral_normalization	1	0.5018665	\N	{}
spectral_normalization	2	0.16187142	\N	{}
spectral_normalization	3	0.0812078	\N	{}
spectral_normalization	4	0.062727295	\N	{}
\.

COPY golden_evaluation (network, loss, metrics) FROM stdin;
spectral_normalization	0.0699687	{}
\.

COPY golden_prediction (network, row, y) FROM stdin;
spectral_normalization	1	{-0.6174819,-1.1480757}
spectral_normalization	2	{-0.09202593,-0.5418393}
spectral_normalization	3	{-0.065758765,-0.6133728}
spectral_normalization	4	{0.0050718747,1.0420924}
spectral_normalization	5	{0.036994502,0.21821526}
spectral_normalization	6	{0.124320306,0.32287458}
spectral_normalization	7	{-1.0516394,-0.64598894}
spectral_normalization	8	{-0.6764755,-1.23883}
\.

COPY golden_network (name, dataset, layers, loss, optimizer, metrics, x, y, options, weight, held) FROM stdin;
multi_head_attention	steps	nnet.input(6, 3),\n    nnet.multi_head_attention(2, 3, kernel_constraint => nnet.max_norm(0.7), bias_constraint => nnet.max_norm(0.1)),\n    nnet.global_average_pooling1d(),\n    nnet.dense(2, activation => 'linear')	mean_squared_error	nnet.sgd(learning_rate => 0.2, momentum => 0.5)	{}	x	reals		\N	f
\.

COPY golden_tensor (network, layer, i, tensor, initial, final) FROM stdin;
multi_head_attention	1	0	query/kernel	{0.149,-0.1595,0.5079,0.1036,-0.2968,0.0196,-0.419,0.7103,-0.2272,-0.2592,-0.1277,0.562,0.0192,0.4525,-0.2783,0.2943,-0.2606,0.5206}	{0.1385797,-0.114112176,0.56910956,0.08494006,-0.24592656,-0.03412839,-0.43803817,0.5884092,-0.11742276,-0.27224857,-0.085025564,0.48037946,0.012627434,0.36159766,-0.22817902,0.27720112,-0.28757948,0.49317867}
multi_head_attention	1	1	query/bias	{0.0346,0.0822,0.033,-0.1303,0.0905,0.0446}	{0.02479911,0.039378174,-0.0023150055,-0.025731688,0.08734101,0.020555006}
multi_head_attention	1	2	key/kernel	{0.004,-0.1707,-0.8101,-0.5484,-0.3461,0.1263,-0.0164,0.3643,-0.2166,-0.2429,-0.4944,0.3272,0.2016,-0.6607,0.4519,0.7143,0.0331,0.256}	{0.054156568,-0.25062105,-0.5899118,-0.41909662,-0.35062444,0.16395316,0.033656936,0.2255452,-0.16677912,-0.13554613,-0.47172377,0.27498683,0.2335069,-0.61344784,0.33119383,0.5160286,0.06343489,0.23834762}
multi_head_attention	1	3	key/bias	{-0.0537,0.0581,0.0365,0.0294,0.0028,0.0547}	{-0.053698212,0.05809799,0.036498882,0.029399032,0.002799901,0.05469836}
multi_head_attention	1	4	value/kernel	{-0.0216,-0.8049,-0.4563,0.5963,-0.2276,0.3287,0.3648,0.105,-0.5788,-0.5204,-0.4642,0.4936,0.4907,-0.4918,0.4315,0.476,-0.2978,-0.1179}	{0.05228987,-0.41047907,-0.36657178,0.5862776,0.056601886,0.25759026,0.37950617,0.37502325,-0.26688313,-0.06794043,-0.09112887,0.5636962,0.30372503,-0.4252815,0.40458474,0.2035983,-0.62851727,-0.15614927}
multi_head_attention	1	5	value/bias	{-0.0736,-0.0163,-0.0482,0.0599,0.004,-0.0292}	{-0.014232824,-0.038285915,-0.03664739,0.03770774,0.055407707,-0.056917503}
multi_head_attention	1	6	attention_output/kernel	{-0.5122,-0.563,0.5497,0.3683,0.4611,0.4755,0.3306,0.5444,0.2066,-0.1917,0.6745,0.1873,-0.7903,0.1456,0.5767,0.1938,0.4575,-0.3359}	{-0.33268413,-0.35463455,0.5108896,0.22711195,0.5238724,0.55533767,0.44055116,0.14132044,-0.13564675,-0.1503765,0.3726549,0.025198048,-0.5541211,0.014449526,0.4244223,-0.0039483896,0.6567747,-0.0063159433}
multi_head_attention	1	7	attention_output/bias	{-0.0782,-0.0257,8e-04}	{-0.047865674,-0.00062442455,0.023912124}
multi_head_attention	3	0	kernel	{0.2364,1.0363,1.0709,-0.0349,0.5524,-0.836}	{0.21044795,0.74682623,0.8430104,-0.15663351,0.43845102,-0.5583844}
multi_head_attention	3	1	bias	{-0.0276,0.1294}	{0.012383655,0.017323263}
\.

COPY golden_epoch (network, epoch, loss, val_loss, metrics) FROM stdin;
multi_head_attention	1	0.7146412	\N	{}
multi_head_attention	2	0.5570039	\N	{}
multi_head_attention	3	0.5383518	\N	{}
multi_head_attention	4	0.512452	\N	{}
\.

COPY golden_evaluation (network, loss, metrics) FROM stdin;
multi_head_attention	0.4662858	{}
\.

COPY golden_prediction (network, row, y) FROM stdin;
multi_head_attention	1	{-0.5607772,0.37646553}
multi_head_attention	2	{-0.061431058,-0.03277547}
multi_head_attention	3	{-0.5578683,0.45216084}
multi_head_attention	4	{0.1792199,-0.40572032}
multi_head_attention	5	{0.06860731,-0.17062518}
multi_head_attention	6	{-0.16439861,0.04859707}
multi_head_attention	7	{0.103840925,-0.14982826}
multi_head_attention	8	{0.117901266,-0.23716348}
\.

COPY golden_network (name, dataset, layers, loss, optimizer, metrics, x, y, options, weight, held) FROM stdin;
multi_head_attention_clipped	steps	nnet.input(6, 3),\n    nnet.multi_head_attention(2, 2, use_gate => true, kernel_constraint => nnet.unit_norm()),\n    nnet.global_average_pooling1d(),\n    nnet.dense(2, activation => 'linear')	mean_squared_error	nnet.sgd(learning_rate => 0.2, momentum => 0.5, clipnorm => 0.1)	{}	x	reals		\N	f
\.

COPY golden_tensor (network, layer, i, tensor, initial, final) FROM stdin;
multi_head_attention_clipped	1	0	query/kernel	{0.169,-0.1809,0.5759,0.1175,-0.3365,0.0223,-0.4751,0.8054,-0.2576,-0.2939,-0.1448,0.6373}	{0.29031476,-0.35513654,0.88613814,0.04007401,-0.77891403,0.19460775,-0.41441393,0.78190696,-0.55588675,-0.9143334,-0.20741284,0.6221055}
multi_head_attention_clipped	1	1	query/bias	{0.0346,0.0822,0.033,-0.1303}	{-0.011786368,0.03734192,0.09621851,-0.14292997}
multi_head_attention_clipped	1	2	key/kernel	{0.0045,-0.1935,-0.9185,-0.6218,-0.3924,0.1433,-0.0186,0.4131,-0.2456,-0.2754,-0.5606,0.371}	{0.029392723,-0.44061902,-0.80970347,-0.86603457,-0.86433226,0.4104394,-0.021251274,0.3372678,-0.5020613,-0.7983697,-0.58645415,0.3690993}
multi_head_attention_clipped	1	3	key/bias	{0.0905,0.0446,-0.0537,0.0581}	{0.09049999,0.044599976,-0.053699993,0.0581}
multi_head_attention_clipped	1	4	gate/kernel	{-0.0245,-0.9127,-0.5174,0.6762,-0.2581,0.3727,0.4136,0.1191,-0.6563,-0.5901,-0.5263,0.5597}	{-0.19299474,-0.7477705,-0.6092428,0.7782759,-0.35938904,0.1853606,0.5453968,0.13250843,-0.9130128,-0.6375583,-0.5756434,0.61378175}
multi_head_attention_clipped	1	5	gate/bias	{0.0365,0.0294,0.0028,0.0547}	{-0.064400725,-0.011188002,-0.23976815,-0.036927894}
multi_head_attention_clipped	1	6	value/kernel	{-0.5808,-0.6384,0.6233,0.4176,0.5229,0.5392,0.3749,0.6173,0.2343,-0.2174,0.7648,0.2124}	{-0.7246762,-0.5422465,0.61978364,0.5018079,0.68311405,0.82568234,0.27366948,0.7758828,0.09055007,-0.1556187,0.7355087,0.38235384}
multi_head_attention_clipped	1	7	value/bias	{-0.0736,-0.0163,-0.0482,0.0599}	{0.03392529,-0.14614765,0.009553781,0.03143544}
multi_head_attention_clipped	1	8	attention_output/kernel	{0.1998,0.8758,0.905,-0.0295,0.4669,-0.7065,0.1389,-0.685,0.9182,-0.1604,-0.3497,-0.0232}	{0.78908485,0.7642558,0.7430567,-0.20599467,0.87191486,-0.9692254,0.61428404,-0.6449131,0.6692283,-0.978553,-0.4896572,-0.24617434}
multi_head_attention_clipped	1	9	attention_output/bias	{0.004,-0.0292,-0.0782}	{-0.002250761,-0.06967763,-0.06835343}
multi_head_attention_clipped	3	0	kernel	{0.2667,-0.1505,0.5948,-0.5248,-1.0656,-0.897}	{0.16760072,0.10960166,0.34266284,-0.30619293,-0.9292306,-0.6481909}
multi_head_attention_clipped	3	1	bias	{-0.0257,8e-04}	{-0.100842476,-0.004219896}
\.

COPY golden_epoch (network, epoch, loss, val_loss, metrics) FROM stdin;
multi_head_attention_clipped	1	0.80988914	\N	{}
multi_head_attention_clipped	2	0.70649254	\N	{}
multi_head_attention_clipped	3	0.63918763	\N	{}
multi_head_attention_clipped	4	0.5980843	\N	{}
\.

COPY golden_evaluation (network, loss, metrics) FROM stdin;
multi_head_attention_clipped	0.5712011	{}
\.

COPY golden_prediction (network, row, y) FROM stdin;
multi_head_attention_clipped	1	{-0.30942684,-0.047638398}
multi_head_attention_clipped	2	{-0.16432208,0.06565918}
multi_head_attention_clipped	3	{-0.14280915,0.049431372}
multi_head_attention_clipped	4	{0.033162564,0.11107485}
multi_head_attention_clipped	5	{0.08300522,0.23953316}
multi_head_attention_clipped	6	{-0.09348633,0.03017712}
multi_head_attention_clipped	7	{-0.11985397,0.055790737}
multi_head_attention_clipped	8	{0.3708862,0.07832504}
\.

COPY golden_network (name, dataset, layers, loss, optimizer, metrics, x, y, options, weight, held) FROM stdin;
group_query_attention	steps	nnet.input(6, 3),\n    nnet.group_query_attention(3, 4, 2, kernel_constraint => nnet.unit_norm(axis => ARRAY[0,1])),\n    nnet.global_average_pooling1d(),\n    nnet.dense(2, activation => 'linear')	mean_squared_error	nnet.sgd(learning_rate => 0.2, momentum => 0.5)	{}	x	reals		\N	f
\.

COPY golden_tensor (network, layer, i, tensor, initial, final) FROM stdin;
group_query_attention	1	0	query/kernel	{0.1154,-0.1235,0.3934,0.0802,-0.2299,0.0152,-0.3246,0.5502,-0.176,-0.2008,-0.0989,0.4354,0.0149,0.3505,-0.2156,0.228,-0.2019,0.4032,-0.2222,0.1008,0.2997,-0.4869,0.1756,-0.2142,-0.2032,-0.5471,-0.5517,0.539,-0.6251,-0.256,0.1086,0.3974,0.4573,-0.3689,0.5828,0.4972}	{0.14197959,-0.14596811,0.41307768,0.064533986,-0.099795334,0.03301054,-0.31747496,0.4558789,-0.17603034,-0.20197678,-0.0353624,0.30828315,-0.011509685,0.3154823,-0.1080314,0.25659975,-0.20104453,0.35383603,-0.22260329,0.063045114,0.24415642,-0.4683314,0.16712394,-0.18708704,-0.20757121,-0.39071947,-0.37339437,0.5517718,-0.42541295,-0.2274718,0.08116366,0.27479073,0.3557056,-0.3809255,0.42267823,0.39124656}
group_query_attention	1	1	query/bias	{0.0346,0.0822,0.033,-0.1303,0.0905,0.0446,-0.0537,0.0581,0.0365,0.0294,0.0028,0.0547}	{0.021139301,0.14488412,-0.030200489,-0.10201966,0.0069370405,0.18184389,-0.0028593047,0.1010264,0.020434769,0.10012677,0.05699855,0.035844363}
group_query_attention	1	2	key/kernel	{0.004,-0.1707,-0.8101,-0.5484,-0.3461,0.1263,-0.0164,0.3643,-0.2166,-0.2429,-0.4944,0.3272,0.2016,-0.6607,0.4519,0.7143,0.0331,0.256}	{0.01255236,-0.14473657,-0.7306957,-0.55813503,-0.39015085,0.09496374,-0.02851764,0.3028196,-0.2037485,-0.20721912,-0.5091565,0.32746798,0.19415657,-0.6896984,0.509344,0.7790235,0.0144681875,0.22110079}
group_query_attention	1	3	key/bias	{-0.0736,-0.0163,-0.0482,0.0599,0.004,-0.0292}	{-0.0736,-0.0163,-0.0482,0.0599,0.0040000007,-0.0292}
group_query_attention	1	4	value/kernel	{-0.0216,-0.8049,-0.4563,0.5963,-0.2276,0.3287,0.3648,0.105,-0.5788,-0.5204,-0.4642,0.4936,0.4907,-0.4918,0.4315,0.476,-0.2978,-0.1179}	{0.1646123,-0.49774447,-0.5726912,0.23155013,-0.36892596,-0.13744526,0.22947395,0.2697692,-0.4053427,-0.36279806,-0.51719636,0.3762835,0.5532125,-0.51164806,0.56139755,0.6549521,-0.11871217,0.17909262}
group_query_attention	1	5	value/bias	{-0.0782,-0.0257,8e-04,-0.0276,0.1294,0.1007}	{-0.08120971,0.0350256,0.13129309,0.0066155996,0.1236093,-0.08048497}
group_query_attention	1	6	attention_output/kernel	{-0.3968,-0.4361,0.4258,0.2853,0.3572,0.3683,0.2561,0.4217,0.16,-0.1485,0.5225,0.1451,-0.6122,0.1128,0.4467,0.1501,0.3544,-0.2602,0.3439,0.1396,-0.6065,0.2874,-0.5222,-0.1682,0.2419,-0.4127,-0.5944,0.4775,0.0894,-0.5828,0.6166,-0.2534,0.4629,-0.0323,-0.4736,-0.3031}	{-0.22490366,-0.3358678,0.2985802,0.4596074,0.3174134,0.18309155,0.113537736,-0.0033155673,-0.013104487,0.039484225,0.53267604,0.06374093,-0.46174666,0.0591529,0.24922982,0.08170489,0.10562263,-0.32271296,0.14914194,-0.03176658,-0.48564145,0.11555353,-0.59393585,-0.14024098,0.37845516,-0.004093556,-0.38500234,0.20974836,-0.061238974,-0.4089319,0.52460337,-0.3545975,0.35183984,0.076265365,-0.06896373,-0.109884776}
group_query_attention	1	7	attention_output/bias	{-0.2711,-0.1889,-0.0175}	{-0.20844105,-0.058106195,0.043073}
group_query_attention	3	0	kernel	{0.2364,1.0363,1.0709,-0.0349,0.5524,-0.836}	{0.05415169,0.6828866,0.7153538,0.06047496,0.33689907,-0.4169675}
group_query_attention	3	1	bias	{-0.0422,0.0214}	{0.09125432,0.005540915}
\.

COPY golden_epoch (network, epoch, loss, val_loss, metrics) FROM stdin;
group_query_attention	1	0.8835917	\N	{}
group_query_attention	2	0.51327014	\N	{}
group_query_attention	3	0.5029336	\N	{}
group_query_attention	4	0.49442324	\N	{}
\.

COPY golden_evaluation (network, loss, metrics) FROM stdin;
group_query_attention	0.45689	{}
\.

COPY golden_prediction (network, row, y) FROM stdin;
group_query_attention	1	{-0.518489,0.34108943}
group_query_attention	2	{-0.046766356,-0.052338094}
group_query_attention	3	{-0.58179677,0.27167895}
group_query_attention	4	{0.21968482,-0.42810187}
group_query_attention	5	{0.08463468,-0.20071685}
group_query_attention	6	{-0.1377589,0.00039695157}
group_query_attention	7	{0.13913065,-0.10842835}
group_query_attention	8	{0.13879967,-0.29066846}
\.

COPY golden_network (name, dataset, layers, loss, optimizer, metrics, x, y, options, weight, held) FROM stdin;
embedding	words	nnet.input(4),\n    nnet.embedding(9, 4, embeddings_constraint => nnet.unit_norm(axis => 1)),\n    nnet.flatten(),\n    nnet.dense(2, activation => 'linear')	mean_squared_error	nnet.adam(learning_rate => 0.05)	{}	x	reals		\N	f
\.

COPY golden_tensor (network, layer, i, tensor, initial, final) FROM stdin;
embedding	1	0	embeddings	{-0.0241,0.0362,0.0438,-0.0157,-0.0469,-0.039,0.0045,-0.0484,0.0296,-0.0218,0.0147,-0.0377,0.012,-0.015,0.0029,-0.0419,-0.0195,8e-04,0.0462,-0.0241,-0.0374,-0.0123,0.0126,0.0418,0.0208,-0.0266,0.0384,-0.0233,-0.0322,-0.0314,-0.0421,0.0241,0.0026,-0.043,-0.046,-0.0178}	{-0.5317017,-0.3376857,0.7578798,0.16994055,-0.6353718,-0.39472494,0.65283924,-0.11956383,-0.35116288,-0.45928597,0.7866005,-0.21679583,-0.026793968,0.6113159,0.5835884,-0.53385323,0.14529249,0.24590175,0.07181224,-0.95564914,0.46451008,-0.3458945,-0.12617224,0.80539906,0.06137254,0.36508074,-0.75201535,-0.54536414,0.2777631,0.21287285,-0.9361846,-0.033029966,0.4945627,0.1864736,-0.7938824,-0.30064222}
embedding	3	0	kernel	{0.1054,-0.1128,0.3592,0.0732,-0.2099,0.0139,-0.2963,0.5023,-0.1607,-0.1833,-0.0903,0.3974,0.0136,0.32,-0.1968,0.2081,-0.1843,0.3681,-0.2028,0.092,0.2736,-0.4444,0.1603,-0.1955,-0.1855,-0.4994,-0.5036,0.492,-0.5706,-0.2337,0.0992,0.3627}	{0.41741785,0.026127402,0.4606466,0.18871602,-0.15661712,0.25144547,0.083621666,-0.02715545,-0.42542225,-0.37442276,0.24952458,-0.06522592,0.44899914,0.122959584,0.051023602,0.18100761,0.056031894,0.5984118,-0.095261,0.06771663,0.4811845,-0.45356,-0.07721236,-0.059111163,0.16389088,-0.15831856,0.022216171,0.2958399,-0.15539281,-0.26948985,-0.25285017,0.010411582}
embedding	3	1	bias	{0.0346,0.0822}	{-0.08999599,-0.022447824}
\.

COPY golden_epoch (network, epoch, loss, val_loss, metrics) FROM stdin;
embedding	1	0.30447596	\N	{}
embedding	2	0.10658259	\N	{}
embedding	3	0.07226614	\N	{}
embedding	4	0.056198154	\N	{}
\.

COPY golden_evaluation (network, loss, metrics) FROM stdin;
embedding	0.047599733	{}
\.

COPY golden_prediction (network, row, y) FROM stdin;
embedding	1	{0.8589214,-0.75654197}
embedding	2	{0.7368517,-0.6953446}
embedding	3	{0.90489626,0.3781791}
embedding	4	{-0.15069014,0.083834164}
embedding	5	{0.15614378,0.6247151}
embedding	6	{-0.65232646,-0.826928}
embedding	7	{-0.26015472,1.1138778}
embedding	8	{1.2681726,-0.30484855}
\.

COPY golden_network (name, dataset, layers, loss, optimizer, metrics, x, y, options, weight, held) FROM stdin;
embedding_clipped	words	nnet.input(4),\n    nnet.embedding(9, 4, mask_zero => true, embeddings_constraint => nnet.max_norm(0.5, axis => 1)),\n    nnet.gru(3, recurrent_constraint => nnet.unit_norm()),\n    nnet.dense(2, activation => 'linear')	mean_squared_error	nnet.sgd(learning_rate => 0.3, momentum => 0.5, global_clipnorm => 0.2)	{}	x	reals		\N	f
\.

COPY golden_tensor (network, layer, i, tensor, initial, final) FROM stdin;
embedding_clipped	1	0	embeddings	{-0.0241,0.0362,0.0438,-0.0157,-0.0469,-0.039,0.0045,-0.0484,0.0296,-0.0218,0.0147,-0.0377,0.012,-0.015,0.0029,-0.0419,-0.0195,8e-04,0.0462,-0.0241,-0.0374,-0.0123,0.0126,0.0418,0.0208,-0.0266,0.0384,-0.0233,-0.0322,-0.0314,-0.0421,0.0241,0.0026,-0.043,-0.046,-0.0178}	{-0.024099255,0.036198884,0.04379866,-0.015699515,-0.0639438,-0.043143105,0.020361828,-0.1160873,0.0059971865,-0.016160293,0.03662857,-0.08263677,0.056760546,-0.012455058,-0.06593638,0.06960464,-0.012668517,-0.0022605879,0.037835915,-0.02365121,-0.11618514,-0.005969047,0.11356652,-0.10393806,-0.04755274,-0.020485451,0.1274966,-0.14508112,0.04373503,-0.041488,-0.12765476,0.18664032,0.07343225,-0.058582652,-0.11090789,0.11761822}
embedding_clipped	2	0	gru_cell/kernel	{0.124,-0.1327,0.4226,0.0862,-0.2469,0.0163,-0.3487,0.591,-0.189,-0.2156,-0.1063,0.4677,0.016,0.3765,-0.2316,0.2449,-0.2169,0.4331,-0.2386,0.1083,0.3219,-0.523,0.1886,-0.2301,-0.2182,-0.5877,-0.5926,0.5789,-0.6714,-0.275,0.1167,0.4268,0.4912,-0.3963,0.626,0.5341}	{0.12381089,-0.13296553,0.42228007,0.08613651,-0.24695104,0.016326385,-0.36012042,0.59978014,-0.17863798,-0.21552938,-0.10553327,0.46814272,0.016259989,0.37652254,-0.23158954,0.24872416,-0.22063246,0.4309407,-0.23797415,0.10904642,0.32282215,-0.52285427,0.18878707,-0.23016055,-0.19262268,-0.6112191,-0.6141986,0.57834125,-0.6720718,-0.27611017,0.116750136,0.42654857,0.4913789,-0.41883743,0.64100176,0.5516116}
embedding_clipped	2	1	gru_cell/recurrent_kernel	{0.2032,0.4848,-0.3341,-0.2386,0.1557,0.1863,0.1481,0.494,-0.4797,-0.3976,-0.4142,0.0295,-0.5464,0.2423,-0.4009,-0.1368,0.1023,-0.3498,0.8159,-0.3639,0.3199,-0.1045,-0.0978,-0.1473,-0.0903,0.1897,-0.1145}	{0.21822685,0.66064197,-0.7205566,-0.3935065,0.5118282,0.3998213,0.67236567,0.92395204,-0.78452325,-0.4267044,-0.5643833,0.063115455,-0.9029399,0.7966431,-0.8603947,-0.6188065,0.17478149,-0.58778447,0.87766755,-0.4949985,0.6905174,-0.17277727,-0.32154554,-0.31601226,-0.40620512,0.34024072,-0.19756617}
embedding_clipped	2	2	gru_cell/bias	{0.0346,0.0822,0.033,-0.1303,0.0905,0.0446,-0.0537,0.0581,0.0365,0.0294,0.0028,0.0547,-0.0736,-0.0163,-0.0482,0.0599,0.004,-0.0292}	{0.036906254,0.057251804,0.020323174,-0.14109555,0.090736486,0.043978166,-0.07150211,0.067218766,0.029938195,0.031706255,-0.02214819,0.042023174,-0.08439554,-0.01606353,-0.048821833,0.043360017,0.006780708,-0.020803059}
embedding_clipped	3	0	kernel	{-0.6872,-0.7553,0.7375,0.4941,0.6187,0.638}	{-0.6552391,-0.7548286,0.74260247,0.5349534,0.6171296,0.65761316}
embedding_clipped	3	1	bias	{-0.0782,-0.0257}	{3.2270327e-05,-0.18592966}
\.

COPY golden_epoch (network, epoch, loss, val_loss, metrics) FROM stdin;
embedding_clipped	1	0.50897443	\N	{}
embedding_clipped	2	0.500705	\N	{}
embedding_clipped	3	0.49655405	\N	{}
embedding_clipped	4	0.4932413	\N	{}
\.

COPY golden_evaluation (network, loss, metrics) FROM stdin;
embedding_clipped	0.4829305	{}
\.

COPY golden_prediction (network, row, y) FROM stdin;
embedding_clipped	1	{0.06257884,-0.12724078}
embedding_clipped	2	{-0.08636033,-0.26362404}
embedding_clipped	3	{-0.008540108,-0.18606395}
embedding_clipped	4	{-0.086186245,-0.25644115}
embedding_clipped	5	{0.20873882,0.003963873}
embedding_clipped	6	{0.17629114,-0.02094838}
embedding_clipped	7	{0.14623046,-0.055106744}
embedding_clipped	8	{0.24333066,0.040877193}
\.

COPY golden_network (name, dataset, layers, loss, optimizer, metrics, x, y, options, weight, held) FROM stdin;
orthogonal	table	nnet.input(5),\n    nnet.dense(6, activation => 'tanh', kernel_regularizer => nnet.orthogonal_regularizer(0.5)),\n    nnet.dense(2, activation => 'linear')	mean_squared_error	nnet.sgd(learning_rate => 0.3, momentum => 0.5)	{}	x	reals		\N	f
\.

COPY golden_tensor (network, layer, i, tensor, initial, final) FROM stdin;
orthogonal	1	0	kernel	{-0.356,0.5354,0.6476,-0.2316,-0.6921,-0.5756,0.0665,-0.7142,0.438,-0.3217,0.217,-0.5562,0.1778,-0.2209,0.0429,-0.6187,-0.2877,0.0112,0.683,-0.3557,-0.5531,-0.1816,0.1862,0.617,0.3067,-0.3928,0.5678,-0.3441,-0.4755,-0.4641}	{-0.3653132,0.44565088,0.8290728,-0.35096467,-0.45686656,-0.49268746,-0.08567289,-0.5247384,0.1760435,0.05608224,0.43672678,-0.60376614,0.103133924,-0.3607203,-0.20281458,-0.75561297,-0.22832452,0.03815645,0.842849,-0.62499547,-0.002883128,-0.8219326,0.3273199,0.66829026,0.39136973,-0.4425811,0.3119033,0.39595336,-0.7038831,-0.082214795}
orthogonal	1	1	bias	{0.0346,0.0822,0.033,-0.1303,0.0905,0.0446}	{0.008202159,0.09794288,0.08278938,-0.09834198,0.049941313,0.07646604}
orthogonal	2	0	kernel	{0.1581,-0.1692,0.5387,0.1099,-0.3148,0.0208,-0.4445,0.7534,-0.241,-0.2749,-0.1355,0.5961}	{-0.11093426,-0.26052755,0.18233487,-0.1584095,-0.62361723,0.30729082,0.54150003,1.0804495,0.375659,-0.2266196,-0.29959273,0.176309}
orthogonal	2	1	bias	{-0.0537,0.0581}	{-0.05133182,0.0922096}
\.

COPY golden_epoch (network, epoch, loss, val_loss, metrics) FROM stdin;
orthogonal	1	0.6485756	\N	{}
orthogonal	2	0.2548177	\N	{}
orthogonal	3	0.15860996	\N	{}
orthogonal	4	0.11835321	\N	{}
\.

COPY golden_evaluation (network, loss, metrics) FROM stdin;
orthogonal	0.101255246	{}
\.

COPY golden_prediction (network, row, y) FROM stdin;
orthogonal	1	{-0.62437963,-1.132099}
orthogonal	2	{-0.042899586,-0.7129768}
orthogonal	3	{-0.17286338,-0.93878496}
orthogonal	4	{-0.057126917,1.3002343}
orthogonal	5	{0.15717596,0.42710507}
orthogonal	6	{0.27771068,0.4659807}
orthogonal	7	{-1.191397,-0.6401043}
orthogonal	8	{-0.5187386,-1.2309096}
\.

COPY golden_network (name, dataset, layers, loss, optimizer, metrics, x, y, options, weight, held) FROM stdin;
orthogonal_columns	table	nnet.input(5),\n    nnet.dense(6, activation => 'tanh', kernel_regularizer => nnet.orthogonal_regularizer(factor => 0.3, mode => 'columns')),\n    nnet.dense(2, activation => 'linear')	mean_squared_error	nnet.adam(learning_rate => 0.05)	{}	x	reals		\N	f
\.

COPY golden_tensor (network, layer, i, tensor, initial, final) FROM stdin;
orthogonal_columns	1	0	kernel	{-0.356,0.5354,0.6476,-0.2316,-0.6921,-0.5756,0.0665,-0.7142,0.438,-0.3217,0.217,-0.5562,0.1778,-0.2209,0.0429,-0.6187,-0.2877,0.0112,0.683,-0.3557,-0.5531,-0.1816,0.1862,0.617,0.3067,-0.3928,0.5678,-0.3441,-0.4755,-0.4641}	{0.053862676,-0.12449313,1.3876071,-0.14982182,0.08586637,-0.74098325,-0.43071866,-0.30966073,-0.01888201,0.07615114,0.24973129,-0.75534534,-0.28919646,-0.7923453,0.06398086,-1.2627225,0.3111314,-0.09074454,1.1009057,-0.9887919,0.1856323,-0.56212795,0.44764757,0.45685458,0.3592825,0.050297625,0.85038257,0.15113783,-1.0856944,0.086939774}
orthogonal_columns	1	1	bias	{0.0346,0.0822,0.033,-0.1303,0.0905,0.0446}	{0.1305213,0.17039779,0.06996056,-0.17839703,0.04226248,0.3500269}
orthogonal_columns	2	0	kernel	{0.1581,-0.1692,0.5387,0.1099,-0.3148,0.0208,-0.4445,0.7534,-0.241,-0.2749,-0.1355,0.5961}	{-0.1771226,-0.3336381,0.36486092,-0.10822411,-0.6490844,0.24797131,0.3263993,0.8780905,0.15379827,-0.449985,-0.25232476,0.22189704}
orthogonal_columns	2	1	bias	{-0.0537,0.0581}	{-0.052688047,-0.005783116}
\.

COPY golden_epoch (network, epoch, loss, val_loss, metrics) FROM stdin;
orthogonal_columns	1	0.66091263	\N	{}
orthogonal_columns	2	0.31553948	\N	{}
orthogonal_columns	3	0.20285542	\N	{}
orthogonal_columns	4	0.15659517	\N	{}
\.

COPY golden_evaluation (network, loss, metrics) FROM stdin;
orthogonal_columns	0.14376654	{}
\.

COPY golden_prediction (network, row, y) FROM stdin;
orthogonal_columns	1	{-0.64045703,-1.4174563}
orthogonal_columns	2	{-0.40994024,-0.77727246}
orthogonal_columns	3	{-0.23252577,-1.0664337}
orthogonal_columns	4	{-0.30579615,1.2447438}
orthogonal_columns	5	{0.078318745,0.4897481}
orthogonal_columns	6	{0.3406595,0.41102293}
orthogonal_columns	7	{-1.132038,-1.0002384}
orthogonal_columns	8	{-0.7031729,-1.381122}
\.

COPY golden_network (name, dataset, layers, loss, optimizer, metrics, x, y, options, weight, held) FROM stdin;
orthogonal_recurrent	steps	nnet.input(6, 3),\n    nnet.lstm(4, recurrent_regularizer => nnet.orthogonal_regularizer(0.5)),\n    nnet.dense(2, activation => 'linear')	mean_squared_error	nnet.sgd(learning_rate => 0.3, momentum => 0.5)	{}	x	reals		\N	f
\.

COPY golden_tensor (network, layer, i, tensor, initial, final) FROM stdin;
orthogonal_recurrent	1	0	lstm_cell/kernel	{-0.2709,0.4074,0.4927,-0.1762,-0.5266,-0.4379,0.0506,-0.5434,0.3332,-0.2448,0.1651,-0.4232,0.1353,-0.1681,0.0326,-0.4708,-0.2189,0.0085,0.5197,-0.2707,-0.4208,-0.1382,0.1417,0.4695,0.2334,-0.2989,0.4321,-0.2618,-0.3618,-0.3531,-0.4732,0.2707,0.0294,-0.4835,-0.5173,-0.1996,-0.0922,0.0883,0.3967,0.2395,0.3081,-0.1475,-0.1603,0.3687,-0.0458,-0.1268,-0.029,0.2693}	{-0.21707268,0.3355677,0.5012402,-0.18914688,-0.5752188,-0.47657636,0.05695241,-0.58509314,0.35135707,-0.22342601,0.13869798,-0.47755462,0.17275761,-0.20066762,0.0013683611,-0.4850782,-0.15063737,0.029609488,0.5221468,-0.281489,-0.45239997,-0.1662512,0.15017463,0.48360437,0.30165157,-0.57903564,0.36679766,-0.02314203,-0.41172326,-0.31521076,-0.54927504,0.28135374,0.15060316,-0.39908668,-0.56393033,-0.11109359,-0.06835015,0.101706006,0.40311038,0.22787242,-0.19428478,-0.048924897,-0.010295398,0.541613,0.0062368996,-0.061397344,-0.06426415,0.24586464}
orthogonal_recurrent	1	1	lstm_cell/recurrent_kernel	{0.1462,-0.0283,0.297,-0.2825,-0.3302,0.1281,0.1498,0.759,0.1306,0.0028,-0.0518,-0.0304,0.0102,-0.1963,0.0059,-0.1627,-0.2348,-0.5265,-0.1595,-0.0334,0.0929,0.2461,0.5119,-0.0536,0.0948,0.1215,-0.2491,0.281,-0.3082,0.0307,-0.198,-0.0847,-0.0257,-0.1583,-0.2741,-0.4804,-0.303,0.2603,-0.3661,-0.1546,-0.0425,0.2956,-0.3187,-0.1003,0.0292,0.063,0.3584,0.1294,-0.143,0.364,0.0578,-0.2062,-0.3193,-0.0861,0.2997,-0.0806,0.0057,-0.1501,0.1718,-0.0489,-0.5674,0.2408,0.1106,0.3859}	{0.1408121,-0.038104758,0.30501586,-0.2999161,-0.34077016,0.13541909,0.16676559,0.7887041,0.07972547,-0.018387605,-0.04934578,0.00837386,-0.0042707743,-0.20835966,0.0075572813,-0.16631682,-0.2274448,-0.5338526,-0.16039583,-0.029837603,0.0818089,0.25725773,0.5345875,-0.04580719,0.15928318,0.18274964,-0.2566232,0.22447787,-0.31639934,0.03324072,-0.21102723,-0.09103874,-0.027812447,-0.1674335,-0.28004673,-0.4924916,-0.3110682,0.2669921,-0.38681453,-0.15611696,-0.06889069,0.22769238,-0.35780346,-0.03844491,0.03719251,0.06382402,0.36990157,0.13120782,-0.14848317,0.38644361,0.0664617,-0.21025822,-0.32593256,-0.067687504,0.31230608,-0.08063406,-0.07316982,0.052429024,0.2736374,-0.078186415,-0.58729666,0.2527968,0.11507723,0.39774448}
orthogonal_recurrent	1	2	lstm_cell/bias	{0.0346,0.0822,0.033,-0.1303,1.0905,1.0446,0.9463,1.0581,0.0365,0.0294,0.0028,0.0547,-0.0736,-0.0163,-0.0482,0.0599}	{0.025037672,0.14475092,0.0110715795,-0.10246913,1.0249553,1.0840186,0.91960496,1.0183398,-0.023334607,0.17888397,0.015174052,0.1406266,-0.104186274,0.018032856,-0.08647563,0.07520076}
orthogonal_recurrent	2	0	kernel	{-0.0265,-0.9859,-0.5588,0.7304,-0.2788,0.4026,0.4468,0.1286}	{0.13344166,-0.9525048,-0.8145843,0.6428918,-0.111815296,0.4102494,0.41288406,0.34547505}
orthogonal_recurrent	2	1	bias	{0.004,-0.0292}	{0.01578553,-0.20046034}
\.

COPY golden_epoch (network, epoch, loss, val_loss, metrics) FROM stdin;
orthogonal_recurrent	1	0.598122	\N	{}
orthogonal_recurrent	2	0.5674762	\N	{}
orthogonal_recurrent	3	0.54565793	\N	{}
orthogonal_recurrent	4	0.5313457	\N	{}
\.

COPY golden_evaluation (network, loss, metrics) FROM stdin;
orthogonal_recurrent	0.5017243	{}
\.

COPY golden_prediction (network, row, y) FROM stdin;
orthogonal_recurrent	1	{-0.16380654,0.08449438}
orthogonal_recurrent	2	{-0.24176471,-0.025931671}
orthogonal_recurrent	3	{-0.30201578,0.62787974}
orthogonal_recurrent	4	{-0.017820593,-0.2935387}
orthogonal_recurrent	5	{0.007861342,-0.19863835}
orthogonal_recurrent	6	{-0.20612957,0.25939673}
orthogonal_recurrent	7	{0.096957155,-0.04300028}
orthogonal_recurrent	8	{-0.1043388,-0.034827247}
\.

COPY golden_network (name, dataset, layers, loss, optimizer, metrics, x, y, options, weight, held) FROM stdin;
orthogonal_constrained	table	nnet.input(5),\n    nnet.dense(6, activation => 'tanh', kernel_regularizer => nnet.orthogonal_regularizer(0.3), kernel_constraint => nnet.max_norm(0.7)),\n    nnet.dense(2, activation => 'linear')	mean_squared_error	nnet.sgd(learning_rate => 0.3, momentum => 0.5, clipnorm => 0.3)	{}	x	reals		\N	f
\.

COPY golden_tensor (network, layer, i, tensor, initial, final) FROM stdin;
orthogonal_constrained	1	0	kernel	{-0.356,0.5354,0.6476,-0.2316,-0.6921,-0.5756,0.0665,-0.7142,0.438,-0.3217,0.217,-0.5562,0.1778,-0.2209,0.0429,-0.6187,-0.2877,0.0112,0.683,-0.3557,-0.5531,-0.1816,0.1862,0.617,0.3067,-0.3928,0.5678,-0.3441,-0.4755,-0.4641}	{-0.2685673,-0.09735132,0.6358673,-0.1898324,-0.25114033,-0.29568997,0.0422081,-0.15007204,0.0054250183,0.16599159,0.20037895,-0.34110495,0.14736646,-0.31817007,-0.09042906,-0.4500721,-0.050123934,-0.09232809,0.57973695,-0.5496586,0.09737686,-0.3906161,0.33914402,0.37148464,0.23764312,-0.23376083,0.25978428,0.26695406,-0.4825726,-0.046596035}
orthogonal_constrained	1	1	bias	{0.0346,0.0822,0.033,-0.1303,0.0905,0.0446}	{0.0116164,0.066382036,0.059163023,-0.07664898,0.0662308,0.13002597}
orthogonal_constrained	2	0	kernel	{0.1581,-0.1692,0.5387,0.1099,-0.3148,0.0208,-0.4445,0.7534,-0.241,-0.2749,-0.1355,0.5961}	{-0.06479291,-0.26630455,0.6601946,0.14932668,-0.663741,0.23546375,0.37561446,1.2159811,0.24203297,-0.34766954,-0.22353911,0.25780156}
orthogonal_constrained	2	1	bias	{-0.0537,0.0581}	{-0.0800214,0.087270066}
\.

COPY golden_epoch (network, epoch, loss, val_loss, metrics) FROM stdin;
orthogonal_constrained	1	0.6383992	\N	{}
orthogonal_constrained	2	0.28144747	\N	{}
orthogonal_constrained	3	0.14630492	\N	{}
orthogonal_constrained	4	0.10495717	\N	{}
\.

COPY golden_evaluation (network, loss, metrics) FROM stdin;
orthogonal_constrained	0.08854895	{}
\.

COPY golden_prediction (network, row, y) FROM stdin;
orthogonal_constrained	1	{-0.7858251,-1.296975}
orthogonal_constrained	2	{-0.138852,-0.5962476}
orthogonal_constrained	3	{-0.004270144,-0.9439495}
orthogonal_constrained	4	{-0.007171452,1.3510761}
orthogonal_constrained	5	{0.010521188,0.33466423}
orthogonal_constrained	6	{0.25306565,0.38521034}
orthogonal_constrained	7	{-1.2622805,-0.7584228}
orthogonal_constrained	8	{-0.7992317,-1.3070467}
\.

